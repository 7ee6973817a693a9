import type { LetterRecord } from '../model/letter.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Store } from '../store/store.ts'
import { parseItemId } from './parse-item-id.ts'

/** A dead letter by its id, or by its item's (`b_…:POSITION`). RD-1601 if there is none. */
export async function findLetter(store: Store, id: string): Promise<LetterRecord> {
  const item = parseItemId(id)
  const letter = item ? await store.letters.at(item.batchId, item.position) : await store.letters.get(id)
  if (letter) return letter
  throw new RedriveError('RD-1601', {
    what: item
      ? `Item ${id} has no dead letter in ${store.url}.`
      : `There is no dead letter ${JSON.stringify(id.slice(0, 80))} in ${store.url}.`,
    fix: item
      ? `Look at the item with redrive item ${id}.`
      : 'Ids begin with d_; list them with redrive quarantine list.',
  })
}
