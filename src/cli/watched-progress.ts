import { terminalStates } from '../model/item.ts'
import type { ProgressSnapshot } from '../report/progress-snapshot.ts'
import type { Report } from '../report/report.ts'
import type { Cell } from '../store/cells.ts'
import type { BatchRecord } from '../store/runs.ts'
import { breakerJson } from './breaker-json.ts'

interface Watched {
  readonly batch: BatchRecord
  readonly report: Report
  readonly breakers: readonly Cell[]
  readonly ratePerS: number
  readonly nowMs: number
  readonly notices: readonly string[]
}

/** How a batch of another process stands, from what the ledger knows. */
export function watchedProgress({ batch, report, breakers, ratePerS, nowMs, notices }: Watched): ProgressSnapshot {
  const { counts } = report
  const total = batch.checkpoint.exhausted ? counts.read : batch.limit
  const done = doneOf(report)
  const open = breakers.map(breakerJson).filter((breaker) => breaker.phase !== 'closed')
  return {
    job: batch.job,
    batchId: batch.id,
    state: report.state,
    read: counts.read,
    ...(total === undefined ? {} : { total }),
    done,
    succeeded: counts.succeeded,
    waiting: counts.waiting,
    held: counts.held,
    quarantined: counts.quarantined,
    skipped: counts.skipped,
    running: counts.running,
    ratePerS,
    ...(total === undefined || ratePerS <= 0 ? {} : { etaMs: Math.round(((total - done) * 1_000) / ratePerS) }),
    groups: report.groups,
    breakers: open.map(({ name, phase, openUntil }) => ({
      name,
      phase,
      ...(open.length === 1 ? { held: counts.held } : {}),
      ...(openUntil === undefined ? {} : { nextProbeInMs: Math.max(0, Date.parse(openUntil) - nowMs) }),
    })),
    elapsedMs: Math.max(0, nowMs - batch.startedAtMs),
    notices,
  }
}

/** Items that have ended. */
export function doneOf({ counts }: Pick<Report, 'counts'>): number {
  let done = 0
  for (const state of terminalStates) done += counts[state]
  return done
}
