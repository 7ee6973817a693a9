import { type Contestant, noopHandler } from '../contestant.ts'
import { openFull } from '../sqlite-floor.ts'

const SCHEMA = 'create table batch (id integer primary key, watermark integer); insert into batch values (1, 0)'

/** What this disk can do: one UPDATE per commit, nothing else. */
export const contestant: Contestant = {
  async run({ items, folder, count }) {
    const { tally, handle } = noopHandler()
    const database = openFull(folder, SCHEMA)
    const save = database.prepare('update batch set watermark = watermark + 1 where id = 1')
    for (const item of items) {
      await handle(item)
      save.run()
    }
    const kept = database.prepare('select watermark from batch').get() as { watermark: number }
    database.close()
    if (kept.watermark !== count) throw new Error(`${kept.watermark} of ${count} commits are in the table`)
    return tally
  },
}
