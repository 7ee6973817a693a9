import type { BatchEvent, Change } from '../../model/event.ts'
import type { Changes } from '../changes.ts'
import type { Connection } from './connection.ts'

/** So many are kept at least. */
const kept = 200_000
/** Old ones go once this many have come, in bounded steps, so that no commit pays for all of them. */
const pruneEvery = 10_000
const pruneMax = 40_000

export function createChanges(connection: Connection): Changes {
  return {
    since: (seq, limit = 1_000) =>
      connection.read(() => {
        const sql =
          'select c.seq, c.at_ms, b.id, c.event from changes c join batches b on b.no = c.batch where c.seq > ? order by c.seq limit ?'
        const rows = connection.statement(sql).all(seq, Math.max(1, Math.min(10_000, limit)))
        return (rows as unknown as ChangeRow[]).map(toChange)
      }),
    latest: () =>
      connection.read(
        () => (connection.statement('select coalesce(max(seq), 0) as seq from changes').get() as { seq: number }).seq,
      ),
  }
}

interface ChangeRow {
  seq: number
  at_ms: number
  id: string
  event: string
}

function toChange(row: ChangeRow): Change {
  return { seq: row.seq, atMs: row.at_ms, batchId: row.id, event: JSON.parse(row.event) as BatchEvent }
}

/** Adds to the feed, within the transaction of what it tells of. */
export function recordChange(
  connection: Connection,
  change: { readonly batch: number; readonly atMs: number; readonly event: BatchEvent },
): void {
  const inserted = connection
    .statement('insert into changes (at_ms, batch, event) values (?, ?, ?)')
    .run(change.atMs, change.batch, JSON.stringify(change.event))
  if (Number(inserted.lastInsertRowid) % pruneEvery === 0) prune(connection, Number(inserted.lastInsertRowid))
}

function prune(connection: Connection, latest: number): void {
  const { oldest } = connection.statement('select min(seq) as oldest from changes').get() as { oldest: number }
  connection.statement('delete from changes where seq <= ?').run(Math.min(latest - kept, oldest + pruneMax))
}
