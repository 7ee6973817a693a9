import { terminalStates } from '../model/item.ts'
import type { ProgressSnapshot } from '../report/progress-snapshot.ts'
import type { BatchRun } from '../runner/run.ts'
import type { RateMeter } from './rate-meter.ts'

/** What a panel must know of a batch besides its run. */
export interface Shown {
  readonly job: string
  /** At most so many items are read. */
  readonly limit?: number
  /** Size of the file that is read, if it is one. */
  readonly sizeBytes?: number
  readonly startedAtMs: number
}

/** How a batch of this process stands. `nowMs` is wall time, `monotonicMs` the clock of its breakers. */
export function runProgress(
  run: BatchRun,
  shown: Shown,
  at: {
    readonly nowMs: number
    readonly monotonicMs: number
    readonly rate: RateMeter
    readonly notices: readonly string[]
  },
): ProgressSnapshot {
  const { states, groups } = run.counts
  const done = doneOf(run)
  const ratePerS = at.rate.add(at.nowMs, done)
  const total = totalOf(run, shown)
  const left = total === undefined ? undefined : Math.max(0, total.count - done)
  return {
    job: shown.job,
    batchId: run.id,
    state: run.paused ? 'paused' : 'running',
    read: run.read,
    ...(total && total.count > 0 && { total: total.count, totalIsEstimate: total.isEstimate }),
    done,
    succeeded: states.succeeded,
    waiting: states.waiting,
    held: states.held,
    quarantined: states.quarantined,
    skipped: states.skipped,
    running: run.running,
    ratePerS,
    ...(left !== undefined && ratePerS > 0 && { etaMs: Math.round((left * 1_000) / ratePerS) }),
    groups: [...groups.values()].sort((one, other) => other.count - one.count).slice(0, 3),
    breakers: [...run.dependencies.values()].flatMap(({ name, breaker, held }) => {
      if (!breaker || (breaker.phase === 'closed' && held.size === 0)) return []
      const probe = breaker.phase === 'open' ? { nextProbeInMs: Math.max(0, breaker.openUntilMs - at.monotonicMs) } : {}
      return [{ name, phase: breaker.phase, held: held.size, ...probe }]
    }),
    elapsedMs: Math.max(0, at.nowMs - shown.startedAtMs),
    notices: at.notices,
  }
}

/** Items that have ended. */
export function doneOf({ counts }: Pick<BatchRun, 'counts'>): number {
  let done = 0
  for (const state of terminalStates) done += counts.states[state]
  return done
}

/** Exact once the source has ended; else judged by the bytes that the items so far took; else the limit. */
function totalOf(run: BatchRun, { limit, sizeBytes }: Shown): { count: number; isEstimate: boolean } | undefined {
  const { cursor, exhausted } = run.reach
  if (exhausted) return { count: run.read, isEstimate: false }
  const max = limit ?? Number.POSITIVE_INFINITY
  if (sizeBytes !== undefined && cursor.byte && cursor.position > 0) {
    const judged = Math.max(run.read, Math.round((cursor.position * sizeBytes) / cursor.byte))
    return judged < max ? { count: judged, isEstimate: true } : { count: max, isEstimate: false }
  }
  return limit === undefined ? undefined : { count: limit, isEstimate: false }
}
