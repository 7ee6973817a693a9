import type { KeptBatchState } from '../model/batch.ts'
import type { Counts } from '../model/item.ts'

/** Why a run of a batch ends. */
export interface Ending {
  /** `finish`: every item has ended. `stop`: a limit, a fatal error, the deadline, the source. `interrupt`: Ctrl-C. `cancel`: by a person, for good. */
  readonly kind: 'finish' | 'stop' | 'interrupt' | 'cancel'
  readonly why: string
}

/** The state that a batch ends its run in; undefined: it stays as it is, to be resumed. */
export function stateAfter(ending: Ending, counts: Counts): KeptBatchState | undefined {
  if (ending.kind === 'interrupt') return undefined
  if (ending.kind === 'stop') return 'stopped'
  if (ending.kind === 'cancel') return 'cancelled'
  return counts.quarantined > 0 ? 'completed_with_failures' : 'completed'
}
