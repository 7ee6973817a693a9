import type { BatchState } from '../model/batch.ts'
import type { Counts } from '../model/item.ts'
import type { Report } from '../model/report.ts'
import { exitCodeOf } from './exit-code.ts'

export type { Report } from '../model/report.ts'

/** What a report is built from; the store's `BatchRecord` fits `batch`, its `GroupCount` fits `groups`. */
export interface ReportFacts {
  readonly batch: {
    readonly id: string
    readonly job: string
    readonly state: Exclude<BatchState, 'interrupted'>
    readonly startedAtMs: number
    readonly endedAtMs?: number
    readonly stopReason?: string
    readonly checkpoint: {
      readonly tally: {
        readonly total: number
        readonly retries: number
        readonly notCounted: number
        readonly recovered: number
      }
    }
  }
  readonly counts: Counts
  readonly groups: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly type: string
    readonly disposition: string
    readonly count: number
  }>
  /** A living runner holds the lease. A running batch without one is `interrupted`. */
  readonly alive: boolean
  readonly resumedFrom?: string
}

/** The report of a batch, from aggregates. */
export function buildReport({ batch, counts, groups, alive, resumedFrom }: ReportFacts): Report {
  const state = batch.state === 'running' && !alive ? 'interrupted' : batch.state
  const { total, retries, notCounted, recovered } = batch.checkpoint.tally
  return {
    batchId: batch.id,
    job: batch.job,
    state,
    exitCode: exitCodeOf(state, counts),
    startedAt: new Date(batch.startedAtMs),
    ...(batch.endedAtMs === undefined ? {} : { endedAt: new Date(batch.endedAtMs) }),
    ...(resumedFrom === undefined ? {} : { resumedFrom }),
    ...(batch.stopReason === undefined ? {} : { stopReason: batch.stopReason }),
    counts,
    recovered,
    attempts: { total, retries, notCounted },
    groups: groups as Report['groups'],
  }
}

/** A report as `run --json` and `batch show --json` print it. */
export function reportJson(report: Report): object {
  const { batchId, job, state, exitCode, resumedFrom, counts, attempts, recovered, groups, stopReason } = report
  return {
    schema: 1,
    batchId,
    job,
    state,
    exitCode,
    startedAt: report.startedAt.toISOString(),
    endedAt: report.endedAt?.toISOString() ?? null,
    ...(resumedFrom === undefined ? {} : { resumedFrom }),
    counts: {
      read: counts.read,
      pending: counts.pending,
      running: counts.running,
      waiting: counts.waiting,
      held: counts.held,
      succeeded: counts.succeeded,
      skipped: counts.skipped,
      quarantined: counts.quarantined,
      discarded: counts.discarded,
      cancelled: counts.cancelled,
      compensating: counts.compensating,
      compensated: counts.compensated,
      compensation_failed: counts.compensation_failed,
    },
    attempts: { total: attempts.total, retries: attempts.retries, notCounted: attempts.notCounted },
    recovered,
    groups: groups.map(({ id, title, type, disposition, count }) => ({ id, title, type, disposition, count })),
    ...(stopReason === undefined ? {} : { stopReason }),
  }
}
