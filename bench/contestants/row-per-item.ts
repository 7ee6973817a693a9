import { type Contestant, noopHandler } from '../contestant.ts'
import { handWrittenPool } from '../hand-written-pool.ts'
import { groupsOf, openFull } from '../sqlite-floor.ts'

const SCHEMA =
  'create table item (batch integer, position integer, state text, attempts integer, at integer, primary key (batch, position)) without rowid'

/** The handler for each item, and a row for each, in transactions of 1,000. */
export const contestant: Contestant = {
  async run({ items, folder, count }) {
    const { tally, handle } = noopHandler()
    const database = openFull(folder, SCHEMA)
    const insert = database.prepare("insert into item values (1, ?, 'succeeded', 1, ?)")
    for (const group of groupsOf(items)) {
      await handWrittenPool(group, handle)
      const nowMs = Date.now()
      database.exec('begin immediate')
      for (const item of group) insert.run(item.id, nowMs)
      database.exec('commit')
    }
    const kept = database.prepare('select count(*) as rows from item').get() as { rows: number }
    database.close()
    if (kept.rows !== count) throw new Error(`the table has ${kept.rows} of ${count} rows`)
    return tally
  },
}
