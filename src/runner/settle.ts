import { type Attempt, AttemptTimeout } from '../attempt/executor.ts'
import { capture } from '../classify/capture.ts'
import { classifyFailure } from '../classify/classify-failure.ts'
import { titleOf } from '../classify/fingerprint.ts'
import { instructionsFor } from '../classify/instructions.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { AttemptRecord } from '../model/attempt.ts'
import type { Classification } from '../model/classification.ts'
import type { Clock } from '../model/clock.ts'
import type { Decision, Uncounted } from '../model/decision.ts'
import type { CapturedFailure } from '../model/failure.ts'
import { groupId, newId } from '../model/ids.ts'
import type { ItemState } from '../model/item.ts'
import { encodePayload } from '../model/payload-codec.ts'
import { type Decided, decide, type Situation } from '../policy/decide.ts'
import type { Entry, SourceAdapter } from '../source/source.ts'
import type { ItemWrite, KeptPayload, NewLetter, Progress } from '../store/runs.ts'
import type { Committer } from './committer.ts'
import { type Dependency, knownFailure } from './dependency.ts'
import type { ParkedItem } from './parked.ts'

/** What became of an item, for the runner: where it stands now, and what follows for the batch. */
export interface Settled {
  readonly to: ItemState
  readonly from: ItemState
  readonly key: string
  /** It has a row and runs again. */
  readonly parked?: ParkedItem
  readonly classification?: Classification
  readonly group?: { readonly id: string; readonly title: string }
  /** Why the batch must stop. */
  readonly stop?: string
  readonly recovered?: boolean
  /** It ran as a row, or was parked as one: it was counted where it came from. */
  readonly hasRow?: boolean
  readonly uncounted?: boolean
}

export interface SettleOptions {
  readonly job: CheckedJob
  readonly source: SourceAdapter
  readonly committer: Committer
  readonly clock: Clock
  readonly random: () => number
  readonly dependency: (name: string) => Dependency | undefined
  /** Row of an item that runs not for the first time. */
  readonly rowOf: (attempt: Attempt) => ParkedItem | undefined
}

/** Turns how an attempt ended into what the ledger keeps: capture, classify, decide, write. */
export interface Settler {
  succeeded(attempt: Attempt, result: unknown): Settled
  failed(attempt: Attempt, thrown: unknown): Promise<Settled>
  /** Crash of the process, second Ctrl-C, lost lease: the attempt doesn't count. */
  interrupted(attempt: Attempt, why: string): Promise<Settled>
  cancelled(attempt: Attempt): Promise<Settled>
  /** A row that never ran. */
  unreadable(entry: Entry): Settled
  refused(entry: Entry, error: unknown, key: string | undefined): Promise<Settled>
  duplicate(entry: Entry, key: string, of: number): Promise<Settled>
}

interface Judged {
  readonly failure: CapturedFailure
  readonly classification: Classification
  readonly decided: Decided
  readonly uncounted?: Uncounted
}

export function createSettler(options: SettleOptions): Settler {
  return new LiveSettler(options)
}

const firstProgress: Progress = { generation: 1, attempts: 0, counted: {}, excludedMs: 0 }

class LiveSettler implements Settler {
  private readonly options: SettleOptions
  constructor(options: SettleOptions) {
    this.options = options
  }

  succeeded(attempt: Attempt, result: unknown): Settled {
    const { committer, job, clock } = this.options
    const row = this.options.rowOf(attempt)
    const key = keyOf(attempt)
    if (!row) {
      if (!job.keep && job.duplicates === 'run') committer.success(attempt.position)
      else committer.keep({ position: attempt.position, key, attempts: attempt.attempt, atMs: clock.wallMs(), ...this.kept(result) })
      return { from: 'running', to: 'succeeded', key }
    }
    const progress = { ...row.progress, attempts: row.progress.attempts + 1 }
    const recovered = row.progress.generation > 1 || Object.keys(row.progress.counted).length > 0
    const decision: Decision = { kind: 'succeed', why: `succeeded on attempt ${attempt.attempt}` }
    committer.write({ ...this.base(attempt, row), from: 'running', to: 'succeeded', progress, attempt: this.record(attempt, { outcome: 'succeeded', decision }) })
    if (job.keep || job.duplicates !== 'run') committer.keep({ position: attempt.position, key, attempts: progress.attempts, atMs: clock.wallMs(), ...this.kept(result) })
    return { from: 'running', to: 'succeeded', key, recovered, hasRow: true }
  }

  async failed(attempt: Attempt, thrown: unknown): Promise<Settled> {
    const row = this.options.rowOf(attempt)
    const judged = this.judge(attempt, row, thrown)
    return this.act(attempt, row, judged)
  }

  async interrupted(attempt: Attempt, why: string): Promise<Settled> {
    const row = this.options.rowOf(attempt)
    // A first attempt has left no trace: its position is read again by whoever resumes.
    if (!row) return { from: 'running', to: 'pending', key: keyOf(attempt) }
    const decision: Decision = { kind: 'retry', delayMs: 0, why }
    const record = this.record(attempt, { outcome: 'interrupted', uncounted: 'interrupted', decision })
    this.options.committer.write({ ...this.base(attempt, row), from: 'running', to: 'pending', progress: { ...row.progress, attempts: row.progress.attempts + 1 }, attempt: record })
    return { from: 'running', to: 'pending', key: keyOf(attempt), uncounted: true }
  }

  async cancelled(attempt: Attempt): Promise<Settled> {
    const row = this.options.rowOf(attempt)
    const progress = row?.progress ?? { ...firstProgress, attempts: 1 }
    this.options.committer.write({ ...this.base(attempt, row), from: 'running', to: 'cancelled', progress })
    return { from: 'running', to: 'cancelled', key: keyOf(attempt) }
  }

  unreadable(entry: Entry): Settled {
    const { error, raw } = entry.unreadable!
    const payload: KeptPayload = { version: 1, body: null, raw }
    return this.neverRan(entry, '', this.classified(error), { payload, raw })
  }

  async refused(entry: Entry, error: unknown, key: string | undefined): Promise<Settled> {
    const kept = await this.keep(entry.payload)
    return this.neverRan(entry, key ?? '', this.classified(error), kept)
  }

  async duplicate(entry: Entry, key: string, of: number): Promise<Settled> {
    const { committer, job } = this.options
    const kept = await this.keep(entry.payload)
    if (job.duplicates === 'skip') {
      committer.write({ position: entry.position, key, from: 'pending', to: 'skipped', progress: firstProgress })
      return { from: 'pending', to: 'skipped', key }
    }
    const error = Object.assign(new Error(`the key ${key} is that of item ${of} already`), { name: 'DuplicateKeyError', code: 'RD-DUPLICATE' })
    const failure = capture(error)
    const classification: Classification = {
      type: 'conflict', disposition: 'permanent', severity: 'error', code: 'RD-DUPLICATE', confidence: 1, by: 'rule',
      recommended: 'Compare the two rows; discard this one, or give it a key of its own.', why: 'rule redrive/duplicate: the job says duplicates: quarantine',
    }
    return this.neverRan(entry, key, { failure, classification }, kept)
  }

  // ---- judging

  private judge(attempt: Attempt, row: ParkedItem | undefined, thrown: unknown): Judged {
    const { clock, job } = this.options
    const before = row?.progress ?? firstProgress
    const cause = attempt.timedOut && !(thrown instanceof AttemptTimeout) ? new AttemptTimeout('the attempt', job.timeoutMs, thrown) : thrown
    const { failure, classification } = this.classified(cause, attempt)
    const uncounted = uncountedOf(attempt)
    const dependency = this.factsOf(attempt, before)
    const situation: Situation = {
      classification, failure, attempts: before.attempts + 1, progress: before, nowMs: clock.wallMs(),
      ...(uncounted && { uncounted }), ...(attempt.throttled && { waitMs: attempt.throttled.waitMs }), ...(dependency && { dependency }),
    }
    return { failure, classification, decided: decide(situation, job.policy, this.options.random), ...(uncounted && { uncounted }) }
  }

  private classified(thrown: unknown, attempt?: Attempt): { failure: CapturedFailure; classification: Classification } {
    const failure = capture(thrown, { stack: true })
    const known = attempt && knownFailure(attempt, thrown)
    if (known) return { failure, classification: known.classification }
    const dependency = attempt?.failedAt
    return { failure, classification: classifyFailure(failure, { rules: this.options.job.rules, ...(dependency !== undefined && { dependency }) }) }
  }

  private factsOf(attempt: Attempt, before: Progress): Situation['dependency'] {
    const name = attempt.heldBy ?? attempt.throttled?.dependency ?? attempt.failedAt
    const dependency = name === undefined ? undefined : this.options.dependency(name)
    if (!dependency) return undefined
    const { clock } = this.options
    const firstFailedMs = before.firstFailedAtMs === undefined ? undefined : clock.monotonicMs() - (clock.wallMs() - before.firstFailedAtMs)
    return dependency.facts(attempt.position, firstFailedMs ?? attempt.startedMs)
  }

  // ---- acting

  private async act(attempt: Attempt, row: ParkedItem | undefined, judged: Judged): Promise<Settled> {
    const { decision, progress: after } = judged.decided
    const kept = row ? {} : await this.keep(attempt.payload)
    const progress: Progress = { ...after, generation: attempt.generation, attempts: (row?.progress.attempts ?? 0) + 1 }
    if (!judged.uncounted) this.note(judged)
    const unkept = 'ineligible' in kept && (decision.kind === 'retry' || decision.kind === 'hold')
    const final = unkept ? { kind: 'quarantine' as const, why: `it can't be retried, since its payload can't be kept: ${kept.ineligible}` } : decision
    const context = { attempt, row, judged: { ...judged, decided: { ...judged.decided, decision: final } }, kept, progress }
    switch (final.kind) {
      case 'retry':
        return this.wait(context, final.delayMs)
      case 'hold':
        return this.hold(context, final.dependency)
      case 'skip':
        this.options.committer.write({ ...this.base(attempt, row), from: 'running', to: 'skipped', progress, attempt: this.failedRecord(context) })
        return { from: 'running', to: 'skipped', key: keyOf(attempt), classification: judged.classification }
      default:
        return this.quarantine(context, final.kind === 'stop' ? final.why : undefined)
    }
  }

  private wait(context: Acting, delayMs: number): Settled {
    const { attempt, row, judged, kept, progress } = context
    const { clock, committer } = this.options
    const nowWallMs = clock.wallMs()
    const dependency = attempt.throttled?.dependency ?? attempt.failedAt
    const write: ItemWrite = {
      ...this.base(attempt, row), ...payloadOf(kept), from: 'running', to: 'waiting', progress, dueAtMs: Math.ceil(nowWallMs + delayMs),
      attempt: this.failedRecord(context), ...(dependency !== undefined && { dependency }),
    }
    committer.write(write)
    const dueMs = clock.monotonicMs() + delayMs
    const ticket = attempt.throttled && { dependency: attempt.throttled.dependency, atMs: dueMs }
    const parked: ParkedItem = { ...openOf(write, 'waiting', nowWallMs), dueMs, ...(ticket && { throttled: true, ticket }) }
    return { from: 'running', to: 'waiting', key: write.key, parked, classification: judged.classification, uncounted: judged.uncounted !== undefined, group: groupOf(judged) }
  }

  private hold(context: Acting, name: string): Settled {
    const { attempt, row, judged, kept, progress } = context
    const write: ItemWrite = {
      ...this.base(attempt, row), ...payloadOf(kept), from: 'running', to: 'held', progress, dependency: name, attempt: this.failedRecord(context),
    }
    this.options.committer.write(write)
    const parked = openOf(write, 'held', this.options.clock.wallMs())
    return { from: 'running', to: 'held', key: write.key, parked, classification: judged.classification, uncounted: judged.uncounted !== undefined, group: groupOf(judged) }
  }

  private quarantine(context: Acting, stop: string | undefined): Settled {
    const { attempt, row, judged, kept, progress } = context
    const ineligible = 'ineligible' in kept ? kept.ineligible : undefined
    const letter = this.letter(judged, { attempts: progress.attempts, ...(ineligible && { ineligible }), ...(stop && { stopped: true }) })
    const dependency = attempt.failedAt
    this.options.committer.write({
      ...this.base(attempt, row), ...payloadOf(kept), from: 'running', to: 'quarantined', progress, letter,
      attempt: this.failedRecord(context), ...(dependency !== undefined && { dependency }),
    })
    return { from: 'running', to: 'quarantined', key: keyOf(attempt), classification: judged.classification, group: groupOf(judged), ...(stop && { stop }) }
  }

  private neverRan(entry: Entry, key: string, judged: Pick<Judged, 'failure' | 'classification'>, kept: Kept & { raw?: string }): Settled {
    const place = { ...(entry.line !== undefined && { line: entry.line }), ...(entry.byte !== undefined && { byte: entry.byte }) }
    const ineligible = kept.ineligible
    const letter = { ...this.letter(judged, { attempts: 0, ...(ineligible && { ineligible }) }), ...place, ...(kept.raw !== undefined && { raw: kept.raw }) }
    this.note(judged)
    this.options.committer.write({ position: entry.position, key, from: 'pending', to: 'quarantined', progress: firstProgress, letter, ...payloadOf(kept) })
    return { from: 'pending', to: 'quarantined', key, classification: judged.classification, group: groupOf(judged) }
  }

  private note(judged: Pick<Judged, 'failure' | 'classification'>): void {
    const { classification, failure } = judged
    const group = groupOf(judged)
    this.options.committer.failure({
      group: group.id, fingerprint: failure.fingerprint, title: group.title, type: classification.type, disposition: classification.disposition, count: 1,
    })
  }

  private letter(judged: Pick<Judged, 'failure' | 'classification'>, more: { attempts: number; ineligible?: string; stopped?: true }): NewLetter {
    const { failure, classification } = judged
    const group = groupOf(judged)
    const { job, clock, random } = this.options
    const unsure = classification.type === 'unknown' || classification.confidence < 0.5
    return {
      id: newId('d', clock.wallMs(), random), job: job.name, view: unsure ? 'review' : 'failed', failure, classification,
      group: group.id, title: group.title, fingerprint: failure.fingerprint, ...instructionsFor(classification, failure), ...more,
      ...(job.codeVersion !== undefined && { codeVersion: job.codeVersion }),
    }
  }

  private base(attempt: Attempt, row: ParkedItem | undefined): Pick<ItemWrite, 'position' | 'key' | 'operationId'> {
    return { position: attempt.position, key: keyOf(attempt), ...(row?.operationId !== undefined && { operationId: row.operationId }) }
  }

  private failedRecord(context: Acting): AttemptRecord {
    const { attempt, judged } = context
    const { failure, classification, uncounted, decided } = judged
    return this.record(attempt, { outcome: 'failed', failure, classification, decision: decided.decision, ...(uncounted && { uncounted }) })
  }

  private record(attempt: Attempt, more: Omit<AttemptRecord, 'n' | 'generation' | 'startedAtMs' | 'durationMs'>): AttemptRecord {
    const { clock } = this.options
    const durationMs = Math.max(0, clock.monotonicMs() - attempt.startedMs)
    return {
      n: attempt.attempt, generation: attempt.generation, startedAtMs: Math.round(clock.wallMs() - durationMs), durationMs: Math.round(durationMs),
      ...more, ...(attempt.logs && { logs: attempt.logs }),
    }
  }

  private kept(result: unknown): { result?: string } {
    if (this.options.job.keep !== 'results') return {}
    const encoded = encodePayload(result)
    return { result: encoded.ok ? encoded.text : encodeUnkept(encoded.why) }
  }

  private async keep(payload: unknown): Promise<Kept> {
    const { source } = this.options
    let whole: unknown
    try {
      whole = source.forKeeping ? await source.forKeeping(payload) : payload
    } catch (thrown) {
      return { payload: { version: 1, body: null }, ineligible: `its payload could not be completed: ${capture(thrown).message}` }
    }
    const encoded = encodePayload(whole)
    if (encoded.ok) return { payload: { version: 1, body: encoded.text } }
    return { payload: { version: 1, body: null, raw: encoded.picture }, ineligible: encoded.why }
  }
}

interface Kept {
  readonly payload?: KeptPayload
  readonly ineligible?: string
}
interface Acting {
  readonly attempt: Attempt
  readonly row: ParkedItem | undefined
  readonly judged: Judged
  readonly kept: Kept
  readonly progress: Progress
}

const payloadOf = (kept: Kept) => (kept.payload ? { payload: kept.payload } : {})
const keyOf = (attempt: Attempt) => attempt.itemKey ?? String(attempt.position)
const groupOf = (judged: Pick<Judged, 'failure'>) => ({ id: groupId(judged.failure.fingerprint), title: titleOf(judged.failure) })
const encodeUnkept = (why: string) => JSON.stringify({ notKept: why })

function uncountedOf(attempt: Attempt): Uncounted | undefined {
  if (attempt.heldBy !== undefined) return 'breaker_open'
  if (attempt.throttled) return 'throttled'
  return attempt.probeOf !== undefined && attempt.failedAt === attempt.probeOf ? 'probe' : undefined
}

function openOf(write: ItemWrite, state: ParkedItem['state'], nowWallMs: number): ParkedItem {
  const { position, key, progress, dependency, operationId } = write
  return {
    position, key, state, progress, updatedAtMs: nowWallMs, parkedAtMs: nowWallMs,
    ...(dependency !== undefined && { dependency }), ...(operationId !== undefined && { operationId }),
  }
}
