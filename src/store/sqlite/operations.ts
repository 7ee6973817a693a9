import type { OperationItem, OperationRecord } from '../../model/operation.ts'
import type { Operations } from '../operations.ts'
import type { Connection } from './connection.ts'
import { beginRetry, discard, editPayload, undiscard } from './operation-acts.ts'
import { pageAfter, pageLimit, toPage } from './page.ts'
import { present } from './row.ts'

export function createOperations(connection: Connection): Operations {
  return {
    beginRetry: (operation, letterIds) => connection.write(() => beginRetry(connection, operation, letterIds)),
    discard: (operation, letterIds) => connection.write(() => discard(connection, operation, letterIds)),
    undiscard: (operation, letterIds) => connection.write(() => undiscard(connection, operation, letterIds)),
    edit: (operation, letterId, edit) => connection.write(() => editPayload(connection, operation, { letterId, edit })),
    get: (id) =>
      connection.read(() => {
        const row = connection.statement('select * from operations where id = ?').get(id)
        return row ? toOperation(row as unknown as OperationRow) : undefined
      }),
    list: (page) =>
      connection.read(() => {
        const limit = pageLimit(page)
        const sql = 'select * from operations where no < ? order by no desc limit ?'
        const rows = connection
          .statement(sql)
          .all(pageAfter(page, Number.MAX_SAFE_INTEGER), limit + 1) as unknown as OperationRow[]
        return toPage(rows, limit, { answer: toOperation, cursor: (row) => String(row.no) })
      }),
    items: (id, page) =>
      connection.read(() => {
        const limit = pageLimit(page)
        const sql = `select i.*, b.id as batch_id from operation_items i join batches b on b.no = i.batch
          where i.operation = ? and i.ordinal > ? order by i.ordinal limit ?`
        const rows = connection.statement(sql).all(id, pageAfter(page, 0), limit + 1) as unknown as OperationItemRow[]
        return toPage(rows, limit, { answer: toItem, cursor: (row) => String(row.ordinal) })
      }),
    progress: (id) =>
      connection.read(() => {
        const counts = { pending: 0, succeeded: 0, skipped: 0, quarantined: 0, discarded: 0, edited: 0, left_out: 0 }
        const sql = 'select result, count(*) as count from operation_items where operation = ? group by result'
        for (const row of connection.statement(sql).all(id))
          counts[row['result'] as OperationItem['result']] = Number(row['count'])
        return counts
      }),
  }
}

interface OperationRow {
  no: number
  id: string
  kind: OperationRecord['kind']
  actor: string
  reason: string | null
  selection: string
  state: OperationRecord['state']
  created_at_ms: number
  ended_at_ms: number | null
}

function toOperation(row: OperationRow): OperationRecord {
  return present<OperationRecord>({
    id: row.id,
    kind: row.kind,
    actor: row.actor,
    reason: row.reason,
    selection: row.selection,
    state: row.state,
    createdAtMs: row.created_at_ms,
    endedAtMs: row.ended_at_ms,
  })
}

interface OperationItemRow {
  operation: string
  ordinal: number
  letter: string
  batch_id: string
  position: number
  result: OperationItem['result']
  why: string | null
}

function toItem(row: OperationItemRow): OperationItem {
  return present<OperationItem>({
    operationId: row.operation,
    letterId: row.letter,
    batchId: row.batch_id,
    position: row.position,
    result: row.result,
    why: row.why,
  })
}
