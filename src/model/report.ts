import type { BatchState } from './batch.ts'
import type { Disposition, ErrorType } from './classification.ts'
import type { ItemState } from './item.ts'

/** How a batch ended. */
export interface Report {
  readonly batchId: string
  readonly job: string
  readonly state: BatchState
  readonly exitCode: number
  readonly startedAt: Date
  readonly endedAt?: Date
  readonly resumedFrom?: string
  readonly stopReason?: string
  readonly counts: { readonly [State in ItemState | 'read']: number }
  /** Items that succeeded after a failed attempt. */
  readonly recovered: number
  /** Handler runs, counted ones after the first, and those that were not the item's fault. */
  readonly attempts: { readonly total: number; readonly retries: number; readonly notCounted: number }
  readonly groups: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly type: ErrorType
    readonly disposition: Disposition
    readonly count: number
  }>
}
