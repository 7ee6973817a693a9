import type { Classification } from '../model/classification.ts'
import type { ItemState } from '../model/item.ts'
import type { Progress } from '../store/runs.ts'
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
  /** It ran as a row: it was counted where it came from. */
  readonly hasRow?: boolean
  /** The attempt was not the item's fault. */
  readonly uncounted?: boolean
}

/** Of an item that has not run yet. */
export const firstProgress: Progress = { generation: 1, attempts: 0, counted: {}, excludedMs: 0 }
