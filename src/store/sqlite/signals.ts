import type { Runs, Signal } from '../runs.ts'
import { batchNumber } from './batches.ts'
import type { Connection } from './connection.ts'
import { orNull, present } from './row.ts'

/** Words to a batch's runner from elsewhere. */
export function createSignals(connection: Connection): Pick<Runs, 'signal' | 'takeSignals'> {
  return {
    signal: (batchId, kind, detail, atMs) =>
      connection.write(() => {
        const { no } = batchNumber(connection, batchId)
        connection
          .statement('insert into signals (batch, kind, detail, at_ms) values (?, ?, ?, ?)')
          .run(no, kind, orNull(detail), atMs)
      }),
    takeSignals: async (batchId, epoch) => {
      // Asked at each heartbeat, and nearly always in vain: so first without the lock that writing takes.
      const waiting = await connection.read(() => {
        const { no } = batchNumber(connection, batchId)
        return connection.statement('select 1 from signals where batch = ? limit 1').get(no) !== undefined
      })
      return waiting ? connection.write(() => take(connection, batchId, epoch)) : []
    },
  }
}

/** A stale epoch takes none: they are for the present owner. */
function take(connection: Connection, batchId: string, epoch: number): readonly Signal[] {
  const { no } = batchNumber(connection, batchId)
  const sql = `delete from signals where batch = ? and exists (select 1 from checkpoints where batch = ? and epoch = ? and owner is not null)
    returning no, kind, detail, at_ms`
  const rows = connection.statement(sql).all(no, no, epoch) as unknown as SignalRow[]
  return rows
    .sort((one, other) => one.no - other.no)
    .map((row) => present<Signal>({ kind: row.kind, detail: row.detail, atMs: row.at_ms }))
}

interface SignalRow {
  no: number
  kind: Signal['kind']
  detail: string | null
  at_ms: number
}
