import { type Counts, type ItemState, itemStates } from '../../model/item.ts'
import type { GroupCount, Runs } from '../runs.ts'
import { batchNumber } from './batches.ts'
import type { Connection } from './connection.ts'
import { includes, rangesOf, sizeOf } from './known.ts'

/** How many items stand where, derived from what the ledger holds. */
export function createCounts(connection: Connection): Pick<Runs, 'counts' | 'groups'> {
  return {
    counts: (batchId) => connection.snapshot(() => count(connection, batchNumber(connection, batchId).no)),
    groups: (batchId) =>
      connection.snapshot(() => {
        const sql = `select g.id, g.title, g.type, g.disposition, n.count from (select group_id, count(*) as count from letters
          where batch = ? and state in ('quarantined', 'discarded') group by group_id) n join error_groups g on g.id = n.group_id
          order by n.count desc, g.id limit 50`
        const rows = connection.statement(sql).all(batchNumber(connection, batchId).no)
        return rows.map((row) => ({ ...row }) as unknown as GroupCount)
      }),
  }
}

/**
 * Each position that was read is counted once: by its row if it has one; else as succeeded if it is known or has a kept
 * success; else as pending. Below the watermark all are known, so only the few above it are looked at one by one.
 */
function count(connection: Connection, batch: number): Counts {
  const checkpoint = connection
    .statement('select read, watermark, map from checkpoints where batch = ?')
    .get(batch) as unknown as {
    read: number
    watermark: number
    map: Uint8Array
  }
  const byState = new Map<ItemState, number>()
  let rows = 0
  for (const row of connection
    .statement('select state, count(*) as count from items where batch = ? group by state')
    .all(batch)) {
    const { state, count } = row as { state: ItemState; count: number }
    byState.set(state, count)
    rows += count
  }
  const known = rangesOf(checkpoint)
  const rowsAbove = positionsAbove(connection, 'items', { batch, watermark: checkpoint.watermark })
  const successesAbove = positionsAbove(connection, 'successes', { batch, watermark: checkpoint.watermark })
  const unmapped = (position: number) => !includes(known, position)
  const withRow = new Set(rowsAbove)
  const rowsUnmapped = rowsAbove.filter(unmapped).length
  const successesUnmapped = successesAbove.filter((position) => unmapped(position) && !withRow.has(position)).length
  const knownPositions = sizeOf(known)
  const plain = knownPositions - (rows - rowsUnmapped) + successesUnmapped
  const last = Math.max(known.at(-1)?.[1] ?? -1, rowsAbove.at(-1) ?? -1, successesAbove.at(-1) ?? -1)
  const read = Math.max(checkpoint.read, last + 1)
  const pending = read - knownPositions - rowsUnmapped - successesUnmapped
  const of = (state: ItemState) =>
    (byState.get(state) ?? 0) + (state === 'succeeded' ? plain : state === 'pending' ? pending : 0)
  return {
    read,
    ...(Object.fromEntries(itemStates.map((state) => [state, of(state)])) as { [State in ItemState]: number }),
  }
}

function positionsAbove(
  connection: Connection,
  table: 'items' | 'successes',
  from: { readonly batch: number; readonly watermark: number },
): readonly number[] {
  const sql = `select position from ${table} where batch = ? and position >= ? order by position`
  return connection
    .statement(sql)
    .all(from.batch, from.watermark)
    .map((row) => Number(row['position']))
}
