import { type BatchState, batchStates } from '../../model/batch.ts'
import { type ItemState, itemStates } from '../../model/item.ts'
import { type BatchAct, type ItemEvent, nextBatchState, nextItemState, type Who } from '../../model/transition.ts'

/** Acts of people on dead letters are `operations`, never part of a commit. */
const itemEvents: readonly ItemEvent[] = [
  'start',
  'succeed',
  'skip',
  'wait',
  'hold',
  'quarantine',
  'interrupt',
  'cancel',
  'compensate',
  'compensated',
  'compensation_failed',
]
const batchActs: readonly BatchAct[] = [
  'pause',
  'resume',
  'stop',
  'cancel',
  'roll_back',
  'rolled_back',
  'undo_failed',
  'complete',
  'complete_with_failures',
]
const whos: readonly Who[] = ['runner', 'source', 'recovery', 'operator']

const itemPairs = pairs(itemStates, itemEvents, nextItemState)
const batchPairs = pairs(batchStates, batchActs, nextBatchState)

/** Whether some event of a commit leads an item from one state to the other, by the table in model/transition.ts. */
export function mayItemBecome(from: ItemState, to: ItemState): boolean {
  return itemPairs.has(`${from}>${to}`)
}

/** Whether some act leads a batch from one state to the other, by the table in model/transition.ts. */
export function mayBatchBecome(from: BatchState, to: BatchState): boolean {
  return batchPairs.has(`${from}>${to}`)
}

function pairs<State extends string, Event>(
  states: readonly State[],
  events: readonly Event[],
  next: (from: State, event: Event, who: Who) => State | undefined,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const from of states) {
    for (const event of events) {
      for (const who of whos) {
        const to = next(from, event, who)
        if (to) found.add(`${from}>${to}`)
      }
    }
  }
  return found
}
