import type { LogLevel } from '../attempt/attempt.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { KeptBatchState } from '../model/batch.ts'
import type { Clock } from '../model/clock.ts'
import type { Cursor, SourceAdapter } from '../source/source.ts'
import type { BatchRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Dependency } from './dependency.ts'
import type { EventStream } from './event-stream.ts'
import type { LiveCounts } from './tally.ts'

export interface BatchRunOptions {
  readonly store: Store
  readonly job: CheckedJob
  readonly source: SourceAdapter
  /** As it was when the lease was taken. */
  readonly batch: BatchRecord
  readonly epoch: number
  readonly runnerId: string
  readonly clock: Clock
  readonly random: () => number
  readonly limit?: number
  readonly ratePerMs?: number
  /** Only the members of this operation are run; the source isn't read and the batch keeps its state. */
  readonly operationId?: string
  readonly onLog?: (level: LogLevel, line: string) => void
}

/** How a run of a batch ended. The batch's verdict stands in the ledger. */
export interface Conclusion {
  readonly state: KeptBatchState
  /** The batch goes on where it is when it is resumed. */
  readonly interrupted: boolean
  readonly stopReason?: string
}

/** One run of a batch by this process: from the claimed lease to its release. */
export interface BatchRun {
  readonly id: string
  /** Rejects for redrive's own errors only. */
  readonly done: Promise<Conclusion>
  readonly events: EventStream
  readonly counts: LiveCounts
  readonly dependencies: ReadonlyMap<string, Dependency>
  readonly read: number
  /** How far reading is that is durable, and whether the source has no more. */
  readonly reach: { readonly cursor: Cursor; readonly exhausted: boolean }
  readonly running: number
  readonly paused: boolean
  pause(): Promise<void>
  resume(): Promise<void>
  cancel(options?: { readonly drain?: boolean }): Promise<void>
  /** Nothing new starts; what runs may end; resumable. With `force` what runs is aborted and recorded as interrupted. */
  interrupt(force?: boolean): Promise<void>
}
