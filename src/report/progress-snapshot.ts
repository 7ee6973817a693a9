import type { BatchState } from '../model/batch.ts'

/** How a batch stands at a moment, as the panel shows it. */
export interface ProgressSnapshot {
  readonly job: string
  readonly batchId: string
  readonly state: BatchState
  /** Items that the source has given. */
  readonly read: number
  /** Items of the source; absent while it is not known. */
  readonly total?: number
  /** `total` is judged by the part of the file that was read. */
  readonly totalIsEstimate?: boolean
  /** Items that have ended. */
  readonly done: number
  readonly succeeded: number
  readonly waiting: number
  readonly held: number
  readonly quarantined: number
  readonly skipped: number
  readonly running: number
  /** Ended items per second, lately. */
  readonly ratePerS: number
  readonly etaMs?: number
  /** Most dead letters first. */
  readonly groups: ReadonlyArray<{ readonly id: string; readonly title: string; readonly count: number }>
  readonly breakers: ReadonlyArray<{
    readonly name: string
    readonly phase: 'closed' | 'open' | 'half-open' | (string & {})
    /** Items that wait for it; absent when it is not known. */
    readonly held?: number
    readonly nextProbeInMs?: number
  }>
  readonly elapsedMs: number
  /** Oldest first; the last is shown. */
  readonly notices?: readonly string[]
}
