import type { PayloadVersion } from '../model/letter.ts'
import type { OperationItem, OperationRecord } from '../model/operation.ts'
import type { Page, Paged } from './page.ts'

/** Acts of people on dead letters. Each call is one transaction: the operation, its items' states, lineage and changes. */
export interface Operations {
  /**
   * Opens the next generation of each letter that is in quarantine, eligible and in no other operation: its item is
   * pending, the letter `redriving`. The rest is left out and listed with why. Ends by itself when all its items have ended.
   */
  beginRetry(operation: OperationRecord, letterIds: readonly string[]): Promise<Begun>
  /** Gives up each letter that is in quarantine and in no other operation. */
  discard(operation: OperationRecord, letterIds: readonly string[]): Promise<Begun>
  /** Takes discards back. */
  undiscard(operation: OperationRecord, letterIds: readonly string[]): Promise<Begun>
  /** Adds a version of the payload to a letter in quarantine; it is eligible from then on. `expectedVersion` is the newest that the editor saw: if another is there, RD-1603. */
  edit(operation: OperationRecord, letterId: string, edit: Edit): Promise<PayloadVersion>
  get(id: string): Promise<OperationRecord | undefined>
  list(page: Page): Promise<Paged<OperationRecord>>
  items(id: string, page: Page): Promise<Paged<OperationItem>>
  /** Counts by result. */
  progress(id: string): Promise<{ readonly [Result in OperationItem['result']]: number }>
}

export interface Begun {
  readonly taken: readonly { readonly letterId: string; readonly batchId: string; readonly position: number }[]
  readonly leftOut: readonly { readonly letterId: string; readonly why: string }[]
}

export interface Edit {
  readonly expectedVersion: number
  /** Payload-codec text; null when `raw` is what was repaired. */
  readonly body: string | null
  readonly shown?: string
  readonly raw?: string
  /** Redacted copy of `raw` for free text search. Set by the guard. */
  readonly rawShown?: string
  /** The key of the repaired payload, when it has another. */
  readonly key?: string
}
