import type { BatchState } from './batch.ts'
import type { ItemState } from './item.ts'

/** What happens in a batch. */
export type BatchEvent =
  | {
      readonly type: 'item'
      readonly position: number
      readonly key: string
      readonly from: ItemState
      readonly to: ItemState
    }
  | { readonly type: 'batch'; readonly from: BatchState; readonly to: BatchState; readonly why?: string }
  /** Something that a person may want to know and that changes no state: a breaker that opened, an abandoned attempt, a source that waits. */
  | {
      readonly type: 'notice'
      readonly code: string
      readonly message: string
      readonly position?: number
      readonly dependency?: string
    }

/** An event as the ledger's feed gives it. */
export interface Change {
  /** Rises by one in a ledger; never used twice. */
  readonly seq: number
  readonly atMs: number
  readonly batchId: string
  readonly event: BatchEvent
}
