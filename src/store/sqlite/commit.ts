import type { KeptBatchState } from '../../model/batch.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import type { BatchWrite, Checkpoint, CommitGroup, KeptSuccess, Runs } from '../runs.ts'
import { mayBatchBecome } from './allowed-change.ts'
import { batchNumber } from './batches.ts'
import { recordChange } from './changes.ts'
import type { Connection } from './connection.ts'
import { addFailures } from './error-groups.ts'
import { writeItems } from './item-writes.ts'
import { type Ranges, rangesOf } from './known.ts'
import { leaseLost } from './leases.ts'
import { orNull } from './row.ts'
import { addToSeries } from './series.ts'
import type { Transaction } from './transaction.ts'

export function createCommit(connection: Connection): Pick<Runs, 'commit'> {
  return { commit: (group) => connection.write(() => commit(connection, group)) }
}

function commit(connection: Connection, group: CommitGroup): void {
  const { no, spooled, state } = batchNumber(connection, group.batchId)
  // Read before the checkpoint moves on: a position that is already known without a row has succeeded.
  const before = fence(connection, no, group)
  let known: Ranges | undefined
  let keepsSuccesses: boolean | undefined
  const transaction: Transaction = {
    connection,
    group,
    batch: no,
    known: () => (known ??= rangesOf(before)),
    keepsSuccesses: () =>
      (keepsSuccesses ??=
        connection.statement('select 1 from successes where batch = ? limit 1').get(no) !== undefined),
  }
  if (group.spool) insertSpool(connection, no, group.spool)
  if (group.items) writeItems(transaction, group.items)
  if (group.successes) insertSuccesses(connection, no, group.successes)
  if (group.failures) addFailures(connection, group.failures, group.atMs)
  if (group.series) addToSeries(connection, no, group.series)
  if (group.batch) writeBatch(transaction, state, group.batch)
  for (const event of group.notices ?? []) recordChange(connection, { batch: no, atMs: group.atMs, event })
  if (group.checkpoint) moveCheckpoint(connection, no, group.checkpoint)
  if (group.checkpoint && spooled) {
    connection.statement('delete from spool where batch = ? and position < ?').run(no, group.checkpoint.watermark)
  }
}

/** The write lock is held from the transaction's begin, so what is read here still holds at its end. */
function fence(
  connection: Connection,
  batch: number,
  group: CommitGroup,
): { readonly watermark: number; readonly map: Uint8Array } {
  const row = connection
    .statement('select watermark, map from checkpoints where batch = ? and epoch = ? and owner is not null')
    .get(batch, group.epoch)
  if (!row) throw leaseLost(group.batchId, group.epoch)
  return row as unknown as { watermark: number; map: Uint8Array }
}

function moveCheckpoint(connection: Connection, batch: number, checkpoint: Checkpoint): void {
  const { tally } = checkpoint
  connection
    .statement(`update checkpoints set read = ?, watermark = ?, map = ?, cursor = ?, exhausted = ?,
      total = ?, retries = ?, not_counted = ?, recovered = ? where batch = ?`)
    .run(
      checkpoint.read,
      checkpoint.watermark,
      checkpoint.map,
      checkpoint.cursor,
      Number(checkpoint.exhausted),
      tally.total,
      tally.retries,
      tally.notCounted,
      tally.recovered,
      batch,
    )
}

function insertSpool(connection: Connection, batch: number, rows: NonNullable<CommitGroup['spool']>): void {
  const insert = connection.statement('insert or ignore into spool (batch, position, body) values (?, ?, ?)')
  for (const row of rows) insert.run(batch, row.position, row.body)
}

function insertSuccesses(connection: Connection, batch: number, successes: readonly KeptSuccess[]): void {
  const insert = connection.statement(
    'insert into successes (batch, position, key, attempts, at_ms, result) values (?, ?, ?, ?, ?, ?)',
  )
  for (const row of successes) insert.run(batch, row.position, row.key, row.attempts, row.atMs, orNull(row.result))
}

function writeBatch(transaction: Transaction, state: KeptBatchState, write: BatchWrite): void {
  const { connection, group, batch } = transaction
  // `interrupted` is derived: what is kept then is still `running`.
  const from = write.from === 'interrupted' ? 'running' : write.from
  if (from !== state || !mayBatchBecome(write.from, write.to)) {
    throw new RedriveError('RD-1999', {
      what: `Batch ${group.batchId} is ${state} and can't go from ${write.from} to ${write.to}`,
    })
  }
  const stopReason = write.to === 'stopped' ? orNull(write.why) : null
  connection
    .statement(`update batches set state = :to, stop_reason = iif(:to in ('stopped', 'running'), :stopReason, stop_reason),
      ended_at_ms = iif(:keepsEnd, ended_at_ms, :endedAtMs) where no = :batch`)
    .run({
      to: write.to,
      stopReason,
      keepsEnd: Number(write.endedAtMs === undefined),
      endedAtMs: write.endedAtMs ?? null,
      batch,
    })
  const why = write.why === undefined ? {} : { why: write.why }
  recordChange(connection, {
    batch,
    atMs: group.atMs,
    event: { type: 'batch', from: write.from, to: write.to, ...why },
  })
}
