import { join } from 'node:path'
import { jsonl } from '../../dist/index.js'
import { type Contestant, type Item, noopHandler } from '../contestant.ts'
import { runRedrive } from '../run-redrive.ts'

/** From the file into a ledger on disk, in groups (SQLite FULL). */
export const contestant: Contestant = {
  run({ file, folder, count }) {
    const { tally, handle } = noopHandler()
    const store = `sqlite:${join(folder, 'ledger.db')}`
    return runRedrive({ tally, count, store, source: jsonl<Item, Item>(file), handle })
  },
}
