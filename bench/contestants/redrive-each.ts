import { join } from 'node:path'
import { jsonl } from '../../dist/index.js'
import { type Contestant, type Item, noopHandler } from '../contestant.ts'
import { runRedrive } from '../run-redrive.ts'

/** Each outcome is durable (SQLite FULL) before its slot goes on. */
export const contestant: Contestant = {
  run({ file, folder, count }) {
    const { tally, handle } = noopHandler()
    const store = `sqlite:${join(folder, 'ledger.db')}`
    return runRedrive({ tally, count, store, source: jsonl<Item, Item>(file), handle, durability: 'each' })
  },
}
