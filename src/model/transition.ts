import type { BatchState } from './batch.ts'
import type { ItemState } from './item.ts'

/** Who may cause a change of state. */
export type Who = 'runner' | 'source' | 'recovery' | 'operator'

/** What happens to an item. */
export type ItemEvent =
  | 'start'
  | 'succeed'
  | 'skip'
  | 'wait'
  | 'hold'
  | 'quarantine'
  | 'interrupt'
  | 'cancel'
  | 'redrive'
  | 'discard'
  | 'undo_discard'
  | 'compensate'
  | 'compensated'
  | 'compensation_failed'

type Row<State> = { readonly from: readonly State[]; readonly to: State; readonly who: readonly Who[] }

const itemTable: { readonly [Event in ItemEvent]: readonly Row<ItemState>[] } = {
  start: [{ from: ['pending', 'waiting', 'held'], to: 'running', who: ['runner'] }],
  succeed: [{ from: ['running'], to: 'succeeded', who: ['runner'] }],
  // A duplicate is skipped, an unreadable, invalid or duplicate row quarantined, before it ever ran.
  skip: [
    { from: ['running'], to: 'skipped', who: ['runner'] },
    { from: ['pending'], to: 'skipped', who: ['source'] },
  ],
  wait: [{ from: ['running'], to: 'waiting', who: ['runner'] }],
  hold: [{ from: ['running', 'waiting'], to: 'held', who: ['runner'] }],
  quarantine: [
    { from: ['running'], to: 'quarantined', who: ['runner'] },
    { from: ['pending'], to: 'quarantined', who: ['source'] },
  ],
  interrupt: [{ from: ['running'], to: 'pending', who: ['runner', 'recovery'] }],
  cancel: [{ from: ['pending', 'waiting', 'held', 'running'], to: 'cancelled', who: ['runner', 'operator'] }],
  redrive: [{ from: ['quarantined'], to: 'pending', who: ['operator'] }],
  discard: [{ from: ['quarantined'], to: 'discarded', who: ['operator'] }],
  undo_discard: [{ from: ['discarded'], to: 'quarantined', who: ['operator'] }],
  compensate: [
    { from: ['succeeded', 'quarantined', 'compensation_failed'], to: 'compensating', who: ['runner', 'operator'] },
  ],
  compensated: [{ from: ['compensating'], to: 'compensated', who: ['runner'] }],
  compensation_failed: [{ from: ['compensating'], to: 'compensation_failed', who: ['runner'] }],
}

/** What happens to a batch. */
export type BatchAct =
  | 'pause'
  | 'resume'
  | 'stop'
  | 'cancel'
  | 'roll_back'
  | 'rolled_back'
  | 'undo_failed'
  | 'complete'
  | 'complete_with_failures'

const batchTable: { readonly [Act in BatchAct]: readonly Row<BatchState>[] } = {
  pause: [{ from: ['running', 'interrupted'], to: 'paused', who: ['runner', 'operator'] }],
  resume: [{ from: ['paused', 'stopped', 'interrupted', 'running'], to: 'running', who: ['runner', 'operator'] }],
  stop: [{ from: ['running', 'paused'], to: 'stopped', who: ['runner'] }],
  cancel: [{ from: ['running', 'paused', 'stopped', 'interrupted'], to: 'cancelled', who: ['runner', 'operator'] }],
  roll_back: [
    {
      from: ['running', 'paused', 'stopped', 'interrupted', 'completed', 'completed_with_failures'],
      to: 'rolling_back',
      who: ['operator', 'runner'],
    },
  ],
  rolled_back: [{ from: ['rolling_back'], to: 'rolled_back', who: ['runner'] }],
  undo_failed: [{ from: ['rolling_back'], to: 'completed_with_failures', who: ['runner'] }],
  // From `completed_with_failures`: its dead letters were resolved. From `completed`: a resolved one can't come back, so never the other way.
  complete: [{ from: ['running', 'completed_with_failures'], to: 'completed', who: ['runner', 'operator'] }],
  complete_with_failures: [{ from: ['running'], to: 'completed_with_failures', who: ['runner'] }],
}

function find<State>(rows: readonly Row<State>[], from: State, who: Who): State | undefined {
  return rows.find((row) => row.from.includes(from) && row.who.includes(who))?.to
}

/** The state that an event leads an item to; undefined if the table has no such transition: then nothing may be written. */
export function nextItemState(from: ItemState, event: ItemEvent, who: Who): ItemState | undefined {
  return find(itemTable[event], from, who)
}

/** The state that an act leads a batch to; undefined if the table has no such transition. */
export function nextBatchState(from: BatchState, act: BatchAct, who: Who): BatchState | undefined {
  return find(batchTable[act], from, who)
}
