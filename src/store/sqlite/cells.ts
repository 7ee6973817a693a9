import type { Cell, Cells } from '../cells.ts'
import type { Connection } from './connection.ts'
import { orNull, present } from './row.ts'

export function createCells(connection: Connection): Cells {
  return {
    get: (key) =>
      connection.read(() => {
        const row = connection.statement('select * from cells where key = ?').get(key)
        return row ? toCell(row as unknown as CellRow) : undefined
      }),
    list: (prefix) =>
      connection.read(() => {
        const sql =
          'select * from cells where key >= :prefix and substr(key, 1, length(:prefix)) = :prefix order by key limit 1000'
        return (connection.statement(sql).all({ prefix }) as unknown as CellRow[]).map(toCell)
      }),
    put: ({ key, version, value, expiresAtMs }) =>
      connection.write(() => {
        const written =
          version === 0
            ? connection
                .statement('insert or ignore into cells (key, version, value, expires_at_ms) values (?, 1, ?, ?)')
                .run(key, value, orNull(expiresAtMs))
            : connection
                .statement(
                  'update cells set version = version + 1, value = ?, expires_at_ms = ? where key = ? and version = ?',
                )
                .run(value, orNull(expiresAtMs), key, version)
        return written.changes === 1
      }),
    remove: (key) =>
      connection.write(() => {
        connection.statement('delete from cells where key = ?').run(key)
      }),
  }
}

interface CellRow {
  key: string
  version: number
  value: string
  expires_at_ms: number | null
}

function toCell(row: CellRow): Cell {
  return present<Cell>({ key: row.key, version: row.version, value: row.value, expiresAtMs: row.expires_at_ms })
}
