import type { Attempt } from '../attempt/attempt.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { AttemptRecord } from '../model/attempt.ts'
import type { Clock } from '../model/clock.ts'
import type { Decision } from '../model/decision.ts'
import type { SourceAdapter } from '../source/source.ts'
import type { ItemWrite, KeptSuccess, Progress } from '../store/runs.ts'
import type { Committer } from './committer.ts'
import type { Judge, Judged } from './judge.ts'
import { type Kept, keepPayload, keepResult, payloadOf } from './kept-payload.ts'
import { groupOf, newLetter, oneFailure } from './new-letter.ts'
import type { ParkedItem } from './parked.ts'
import { firstProgress, type Settled } from './settled.ts'

export interface SettleOptions {
  readonly job: CheckedJob
  readonly source: SourceAdapter
  readonly committer: Committer
  readonly judge: Judge
  readonly clock: Clock
  readonly random: () => number
  /** Row of an item that runs not for the first time. */
  readonly rowOf: (attempt: Attempt) => ParkedItem | undefined
}

/** Turns how an attempt ended into what the ledger keeps. */
export interface Settler {
  /** A success on the first attempt is a bit in the map, and no more. */
  readonly leavesNoRow: boolean
  succeeded(attempt: Attempt, result: unknown): Settled
  failed(attempt: Attempt, thrown: unknown): Promise<Settled>
  /** Crash of the process, second Ctrl-C, lost lease: the attempt doesn't count. */
  interrupted(attempt: Attempt, why: string): Settled
  cancelled(attempt: Attempt): Settled
}

export function createSettler(options: SettleOptions): Settler {
  return new LiveSettler(options)
}

/** A failed attempt on its way into the ledger. */
interface Failed {
  readonly attempt: Attempt
  readonly row: ParkedItem | undefined
  readonly judged: Judged
  readonly decision: Decision
  readonly kept: Kept
  readonly progress: Progress
}

class LiveSettler implements Settler {
  private readonly options: SettleOptions
  readonly leavesNoRow: boolean

  constructor(options: SettleOptions) {
    this.options = options
    this.leavesNoRow = options.job.keep === undefined && options.job.duplicates === 'run'
  }

  succeeded(attempt: Attempt, result: unknown): Settled {
    const { committer } = this.options
    const row = this.options.rowOf(attempt)
    const key = keyOf(attempt)
    if (!row) {
      if (this.leavesNoRow) committer.success(attempt.position)
      else committer.keep(this.success(attempt, attempt.attempt, result))
      return { from: 'running', to: 'succeeded', key }
    }
    const progress = { ...row.progress, attempts: row.progress.attempts + 1 }
    const decision: Decision = { kind: 'succeed', why: `succeeded on attempt ${attempt.attempt}` }
    const record = this.record(attempt, { outcome: 'succeeded', decision })
    committer.write({ ...base(attempt, row), from: 'running', to: 'succeeded', progress, attempt: record })
    if (!this.leavesNoRow) committer.keep(this.success(attempt, progress.attempts, result))
    const recovered = row.progress.generation > 1 || Object.keys(row.progress.counted).length > 0
    return { from: 'running', to: 'succeeded', key, recovered, hasRow: true }
  }

  async failed(attempt: Attempt, thrown: unknown): Promise<Settled> {
    const row = this.options.rowOf(attempt)
    const judged = this.options.judge.judge(attempt, row?.progress ?? firstProgress, thrown)
    if (!judged.uncounted) this.options.committer.failure(oneFailure(judged))
    const kept = row ? {} : await keepPayload(this.options.source, attempt.payload)
    const attempts = (row?.progress.attempts ?? 0) + 1
    const progress = { ...judged.decided.progress, generation: attempt.generation, attempts }
    return this.act({ attempt, row, judged, kept, progress, decision: unlessLost(judged.decided.decision, kept) })
  }

  interrupted(attempt: Attempt, why: string): Settled {
    const row = this.options.rowOf(attempt)
    const key = keyOf(attempt)
    // A first attempt has left no trace: its position is read again by whoever resumes.
    if (!row) return { from: 'running', to: 'pending', key }
    const decision: Decision = { kind: 'retry', delayMs: 0, why }
    const record = this.record(attempt, { outcome: 'interrupted', uncounted: 'interrupted', decision })
    const progress = { ...row.progress, attempts: row.progress.attempts + 1 }
    this.options.committer.write({ ...base(attempt, row), from: 'running', to: 'pending', progress, attempt: record })
    return { from: 'running', to: 'pending', key, uncounted: true }
  }

  cancelled(attempt: Attempt): Settled {
    const row = this.options.rowOf(attempt)
    const progress = row?.progress ?? { ...firstProgress, attempts: 1 }
    this.options.committer.write({ ...base(attempt, row), from: 'running', to: 'cancelled', progress })
    return { from: 'running', to: 'cancelled', key: keyOf(attempt) }
  }

  private act(failed: Failed): Settled {
    const { decision } = failed
    switch (decision.kind) {
      case 'retry':
        return this.wait(failed, decision.delayMs)
      case 'hold':
        return this.hold(failed, decision.dependency)
      case 'skip':
        this.options.committer.write({ ...this.written(failed), to: 'skipped' })
        return this.settled(failed, 'skipped')
      default:
        return this.quarantine(failed, decision.kind === 'stop' ? decision.why : undefined)
    }
  }

  private wait(failed: Failed, delayMs: number): Settled {
    const { attempt } = failed
    const { clock, committer } = this.options
    const nowWallMs = clock.wallMs()
    const dependency = attempt.throttled?.dependency ?? attempt.failedAt
    const write: ItemWrite = {
      ...this.written(failed),
      to: 'waiting',
      dueAtMs: Math.ceil(nowWallMs + delayMs),
      ...(dependency !== undefined && { dependency }),
    }
    committer.write(write)
    const dueMs = clock.monotonicMs() + delayMs
    const ticket = attempt.throttled && { dependency: attempt.throttled.dependency, atMs: dueMs }
    const parked = { ...openOf(write, 'waiting', nowWallMs), dueMs, ...(ticket && { throttled: true, ticket }) }
    return { ...this.settled(failed, 'waiting'), parked }
  }

  private hold(failed: Failed, dependency: string): Settled {
    const write: ItemWrite = { ...this.written(failed), to: 'held', dependency }
    this.options.committer.write(write)
    return { ...this.settled(failed, 'held'), parked: openOf(write, 'held', this.options.clock.wallMs()) }
  }

  private quarantine(failed: Failed, stop: string | undefined): Settled {
    const { attempt, judged, kept, progress } = failed
    const letter = newLetter(this.options, judged, {
      attempts: progress.attempts,
      ...(kept.ineligible !== undefined && { ineligible: kept.ineligible }),
      ...(stop !== undefined && { stopped: true }),
    })
    const dependency = attempt.failedAt === undefined ? {} : { dependency: attempt.failedAt }
    this.options.committer.write({ ...this.written(failed), to: 'quarantined', letter, ...dependency })
    return { ...this.settled(failed, 'quarantined'), ...(stop !== undefined && { stop }) }
  }

  private written(failed: Failed): Omit<ItemWrite, 'to'> {
    const { attempt, row, kept, progress, judged, decision } = failed
    const { failure, classification, uncounted } = judged
    const why = { failure, classification, decision, ...(uncounted && { uncounted }) }
    const record = this.record(attempt, { outcome: 'failed', ...why })
    return { ...base(attempt, row), ...payloadOf(kept), from: 'running', progress, attempt: record }
  }

  private settled({ attempt, judged }: Failed, to: Settled['to']): Settled {
    const { classification, uncounted } = judged
    const counted = uncounted ? { uncounted: true } : { group: groupOf(judged) }
    return { from: 'running', to, key: keyOf(attempt), classification, ...counted }
  }

  private success(attempt: Attempt, attempts: number, result: unknown): KeptSuccess {
    const kept = this.options.job.keep === 'results' ? { result: keepResult(result) } : {}
    return { position: attempt.position, key: keyOf(attempt), attempts, atMs: this.options.clock.wallMs(), ...kept }
  }

  private record(
    attempt: Attempt,
    more: Omit<AttemptRecord, 'n' | 'generation' | 'startedAtMs' | 'durationMs'>,
  ): AttemptRecord {
    const { clock } = this.options
    const durationMs = Math.max(0, clock.monotonicMs() - attempt.startedMs)
    return {
      n: attempt.attempt,
      generation: attempt.generation,
      startedAtMs: Math.round(clock.wallMs() - durationMs),
      durationMs: Math.round(durationMs),
      ...more,
      ...(attempt.logs && { logs: attempt.logs }),
    }
  }
}

const keyOf = (attempt: Attempt) => attempt.itemKey ?? String(attempt.position)

function base(attempt: Attempt, row: ParkedItem | undefined): Pick<ItemWrite, 'position' | 'key' | 'operationId'> {
  const operation = row?.operationId === undefined ? {} : { operationId: row.operationId }
  return { position: attempt.position, key: keyOf(attempt), ...operation }
}

/** An item whose payload can't be kept can't wait: nothing of it would be there when it is due. */
function unlessLost(decision: Decision, kept: Kept): Decision {
  if (kept.ineligible === undefined || (decision.kind !== 'retry' && decision.kind !== 'hold')) return decision
  return { kind: 'quarantine', why: `it can't be retried, since its payload can't be kept: ${kept.ineligible}` }
}

function openOf(write: ItemWrite, state: ParkedItem['state'], nowWallMs: number): ParkedItem {
  const { position, key, progress, dependency, operationId } = write
  return {
    position,
    key,
    state,
    progress,
    updatedAtMs: nowWallMs,
    parkedAtMs: nowWallMs,
    ...(dependency !== undefined && { dependency }),
    ...(operationId !== undefined && { operationId }),
  }
}
