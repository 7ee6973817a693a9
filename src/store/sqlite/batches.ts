import type { KeptBatchState } from '../../model/batch.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import type { BatchRecord, Lease, NewBatch, Owner, Runs } from '../runs.ts'
import { recordChange } from './changes.ts'
import { compileQuery } from './compile-query.ts'
import type { Connection } from './connection.ts'
import { pageAfter, pageLimit, toPage } from './page.ts'
import { batchColumns } from './query-columns.ts'
import { orNull, present } from './row.ts'

const selectBatch = 'select * from batches b join checkpoints c on c.batch = b.no'

/** Batches as such: what is known of them for good, and their verdict. */
export function createBatches(
  connection: Connection,
): Pick<Runs, 'create' | 'get' | 'list' | 'unfinished' | 'settle' | 'takeOnComplete'> {
  return {
    create: (batch) => connection.write(() => insertBatch(connection, batch)),
    get: (batchId) =>
      connection.read(() =>
        toRecord(connection.statement(`${selectBatch} where b.id = ?`).get(batchId) as BatchRow | undefined),
      ),
    list: (query, page) =>
      connection.read(() => {
        const limit = pageLimit(page)
        const where = compileQuery(query, batchColumns, page.nowMs)
        const sql = `${selectBatch} where b.no < ? and ${where.sql} order by b.no desc limit ?`
        const rows = connection.passing(sql).all(pageAfter(page, Number.MAX_SAFE_INTEGER), ...where.params, limit + 1)
        return toPage(rows as unknown as BatchRow[], limit, {
          answer: (row) => toRecord(row)!,
          cursor: (row) => String(row.no),
        })
      }),
    unfinished: (job, sourceKey) =>
      connection.read(() => {
        const sql = `${selectBatch} where b.job = ? and b.source_key = ? and b.state in ('running', 'paused', 'stopped') order by b.no desc limit 1`
        return toRecord(connection.statement(sql).get(job, sourceKey) as BatchRow | undefined)
      }),
    settle: (batchId, atMs) => connection.write(() => settle(connection, batchId, atMs)),
    takeOnComplete: (batchId) =>
      connection.write(() => {
        const { no } = batchNumber(connection, batchId)
        return (
          connection
            .statement('update batches set on_complete_taken = 1 where no = ? and on_complete_taken = 0')
            .run(no).changes === 1
        )
      }),
  }
}

/** The number that rows name a batch by. RD-1501 if there is none of this id. */
export function batchNumber(
  connection: Connection,
  batchId: string,
): { readonly no: number; readonly spooled: number; readonly state: KeptBatchState } {
  const row = connection.statement('select no, spooled, state from batches where id = ?').get(batchId)
  if (!row) throw new RedriveError('RD-1501', { what: `The ledger ${connection.url} has no batch ${batchId}` })
  return row as unknown as { no: number; spooled: number; state: KeptBatchState }
}

function insertBatch(connection: Connection, batch: NewBatch): void {
  const inserted = connection
    .statement(`insert into batches (id, job, source, source_key, spooled, file, export_name, code_version, keeps_successes,
      secret, item_limit, started_at_ms, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running')`)
    .run(
      batch.id,
      batch.job,
      batch.source,
      orNull(batch.sourceKey),
      Number(batch.spooled),
      orNull(batch.file),
      orNull(batch.exportName),
      orNull(batch.codeVersion),
      Number(batch.keepsSuccesses),
      JSON.stringify(batch.secret),
      orNull(batch.limit),
      batch.startedAtMs,
    )
  connection.statement('insert into checkpoints (batch) values (?)').run(inserted.lastInsertRowid)
}

/** The verdict of a finished batch can only become better: a dead letter that was resolved can't come back. */
function settle(connection: Connection, batchId: string, atMs: number): KeptBatchState {
  const { no, state } = batchNumber(connection, batchId)
  if (state !== 'completed_with_failures') return state
  const left = connection
    .statement(`select exists (select 1 from letters where batch = :no and state in ('quarantined', 'redriving'))
      or exists (select 1 from items where batch = :no and state not in ('succeeded', 'skipped', 'discarded', 'cancelled', 'compensated')) as any_left`)
    .get({ no }) as { any_left: number }
  if (left.any_left) return state
  connection.statement(`update batches set state = 'completed' where no = ?`).run(no)
  recordChange(connection, {
    batch: no,
    atMs,
    event: { type: 'batch', from: state, to: 'completed', why: 'its dead letters are resolved' },
  })
  return 'completed'
}

interface BatchRow {
  no: number
  id: string
  job: string
  source: string
  source_key: string | null
  spooled: number
  file: string | null
  export_name: string | null
  code_version: string | null
  keeps_successes: number
  secret: string
  item_limit: number | null
  started_at_ms: number
  state: KeptBatchState
  ended_at_ms: number | null
  stop_reason: string | null
  epoch: number
  owner: string | null
  expires_at_ms: number | null
  read: number
  watermark: number
  map: Uint8Array
  cursor: string
  exhausted: number
  total: number
  retries: number
  not_counted: number
  recovered: number
}

function toRecord(row: BatchRow | undefined): BatchRecord | undefined {
  if (!row) return undefined
  return present<BatchRecord>({
    id: row.id,
    job: row.job,
    source: row.source,
    sourceKey: row.source_key,
    spooled: row.spooled === 1,
    file: row.file,
    exportName: row.export_name,
    codeVersion: row.code_version,
    keepsSuccesses: row.keeps_successes === 1,
    secret: JSON.parse(row.secret) as string[],
    limit: row.item_limit,
    startedAtMs: row.started_at_ms,
    state: row.state,
    endedAtMs: row.ended_at_ms,
    stopReason: row.stop_reason,
    checkpoint: {
      read: row.read,
      watermark: row.watermark,
      map: row.map,
      cursor: row.cursor,
      exhausted: row.exhausted === 1,
      tally: { total: row.total, retries: row.retries, notCounted: row.not_counted, recovered: row.recovered },
    },
    epoch: row.epoch,
    lease: toLease(row),
  })
}

/** The lease that a row holds; undefined when nobody holds it. */
export function toLease(row: { owner: string | null; epoch: number; expires_at_ms: number | null }): Lease | undefined {
  if (row.owner === null) return undefined
  return { owner: JSON.parse(row.owner) as Owner, epoch: row.epoch, expiresAtMs: row.expires_at_ms ?? 0 }
}
