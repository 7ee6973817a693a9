import { type Item, noopHandler, type Tally } from './contestant.ts'
import { handWrittenPool } from './hand-written-pool.ts'
import { openFull } from './sqlite-floor.ts'

const SCHEMA =
  'create table batch (id integer primary key, watermark integer, tally text); insert into batch values (1, 0, null)'

/** The least that can be resumed: the handler for each item, and one row that says how far, once per group. */
export async function checkpointOnly(
  groups: AsyncIterable<readonly Item[]> | Iterable<readonly Item[]>,
  folder: string,
): Promise<Tally> {
  const { tally, handle } = noopHandler()
  const database = openFull(folder, SCHEMA)
  const save = database.prepare('update batch set watermark = ?, tally = ? where id = 1')
  for await (const group of groups) {
    await handWrittenPool(group, handle)
    save.run(tally.handled, JSON.stringify(tally))
  }
  const kept = database.prepare('select watermark from batch').get() as { watermark: number }
  database.close()
  if (kept.watermark !== tally.handled)
    throw new Error(`the checkpoint says ${kept.watermark}, the handler ${tally.handled}`)
  return tally
}
