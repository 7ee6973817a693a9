import type { AttemptRecord } from '../../model/attempt.ts'
import { groupId } from '../../model/ids.ts'
import { type ItemState, terminalStates } from '../../model/item.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import type { ItemWrite, KeptPayload } from '../runs.ts'
import { mayItemBecome } from './allowed-change.ts'
import { recordChange } from './changes.ts'
import { ensureGroups } from './error-groups.ts'
import { includes } from './known.ts'
import { type KeptAttempt, quarantineLetter, resolveLetter } from './letter-writes.ts'
import { endOperations, recordResult } from './operation-results.ts'
import { jsonOrNull, orNull } from './row.ts'
import type { Transaction } from './transaction.ts'

/** Changes of state, in order. RD-1999, and nothing is written, if one doesn't fit what the ledger holds. */
export function writeItems(transaction: Transaction, writes: readonly ItemWrite[]): void {
  const operations = new Set<string>()
  ensureGroups(transaction.connection, writes, transaction.group.atMs)
  for (const write of writes) writeItem(transaction, write, operations)
  endOperations(transaction, operations)
}

interface Before {
  readonly state: ItemState
  readonly operation: string | null
}

function writeItem(transaction: Transaction, write: ItemWrite, operations: Set<string>): void {
  const { connection, group, batch } = transaction
  const before = connection
    .statement('select state, operation from items where batch = ? and position = ?')
    .get(batch, write.position) as Before | undefined
  checkChange(transaction, write, before)
  const ended = terminalStates.has(write.to)
  const operation = write.operationId ?? before?.operation ?? undefined
  upsertItem(transaction, write, ended ? undefined : operation)
  const attempt = write.attempt && insertAttempt(transaction, write.position, write.attempt)
  if (write.payload) insertPayload(transaction, write.position, write.payload)
  if (write.to === 'quarantined')
    quarantineLetter(transaction, write, { operation, attempt, isNew: before === undefined })
  else if (ended) endItem(transaction, write, { hadRow: before !== undefined, operation })
  if (ended && operation !== undefined) {
    recordResult(transaction, write, operation)
    operations.add(operation)
  }
  if (write.to === 'running') return
  const { position, key, from, to } = write
  recordChange(connection, { batch, atMs: group.atMs, event: { type: 'item', position, key, from, to } })
}

/** An item without a row has succeeded if it was known before this commit; else it is pending, or running its first attempt. */
function checkChange(transaction: Transaction, write: ItemWrite, before: Before | undefined): void {
  const { group } = transaction
  const held = before?.state ?? (hasSucceeded(transaction, write.position) ? 'succeeded' : undefined)
  const fits = held === undefined ? write.from === 'pending' || write.from === 'running' : write.from === held
  if (fits && mayItemBecome(write.from, write.to) && (write.to !== 'quarantined' || write.letter)) return
  const what = `Item ${group.batchId}:${write.position} is ${held ?? 'not in the ledger yet'} and can't go from ${write.from} to ${write.to}`
  throw new RedriveError('RD-1999', {
    what: write.to === 'quarantined' && !write.letter ? `${what} without a dead letter` : what,
    why: 'A commit may only bring changes that model/transition.ts knows, from the state that the ledger holds.',
  })
}

function hasSucceeded(transaction: Transaction, position: number): boolean {
  if (includes(transaction.known(), position)) return true
  if (!transaction.keepsSuccesses()) return false
  const sql = 'select 1 from successes where batch = ? and position = ?'
  return transaction.connection.statement(sql).get(transaction.batch, position) !== undefined
}

function upsertItem(transaction: Transaction, write: ItemWrite, operation: string | undefined): void {
  const { progress, attempt } = write
  const what = attempt?.classification ?? write.letter?.classification
  const failed = attempt?.failure ? groupId(attempt.failure.fingerprint) : undefined
  transaction.connection
    .statement(`insert into items (batch, position, key, stage, state, generation, attempts, counted, first_failed_at_ms,
      excluded_ms, last_delay_ms, due_at_ms, dependency, operation, group_id, type, disposition, updated_at_ms)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict do update set key = excluded.key, stage = excluded.stage, state = excluded.state, generation = excluded.generation,
      attempts = excluded.attempts, counted = excluded.counted, first_failed_at_ms = excluded.first_failed_at_ms,
      excluded_ms = excluded.excluded_ms, last_delay_ms = excluded.last_delay_ms, due_at_ms = excluded.due_at_ms, dependency = excluded.dependency,
      operation = excluded.operation, group_id = coalesce(excluded.group_id, group_id), type = coalesce(excluded.type, type),
      disposition = coalesce(excluded.disposition, disposition), updated_at_ms = excluded.updated_at_ms`)
    .run(
      transaction.batch,
      write.position,
      write.key,
      orNull(write.stage),
      write.to,
      progress.generation,
      progress.attempts,
      JSON.stringify(progress.counted),
      orNull(progress.firstFailedAtMs),
      progress.excludedMs,
      orNull(progress.lastDelayMs),
      orNull(write.dueAtMs),
      orNull(write.dependency),
      orNull(operation),
      orNull(write.letter?.group ?? failed),
      orNull(what?.type),
      orNull(what?.disposition),
      transaction.group.atMs,
    )
}

function insertAttempt(transaction: Transaction, position: number, attempt: AttemptRecord): KeptAttempt {
  const failure = jsonOrNull(attempt.failure)
  const classification = jsonOrNull(attempt.classification)
  const inserted = transaction.connection
    .statement(`insert into attempts (batch, position, generation, n, stage, started_at_ms, duration_ms, outcome, uncounted,
      failure, classification, decision, logs) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    .run(
      transaction.batch,
      position,
      attempt.generation,
      attempt.n,
      orNull(attempt.stage),
      attempt.startedAtMs,
      attempt.durationMs,
      attempt.outcome,
      orNull(attempt.uncounted),
      failure,
      classification,
      JSON.stringify(attempt.decision),
      jsonOrNull(attempt.logs),
    )
  return { no: Number(inserted.lastInsertRowid), failure, classification }
}

/** A payload that is there already stays: it may have been edited since. */
function insertPayload(transaction: Transaction, position: number, payload: KeptPayload): void {
  transaction.connection
    .statement(
      `insert or ignore into payloads (batch, position, version, body, shown, raw, by_whom, at_ms) values (?, ?, ?, ?, ?, ?, 'source', ?)`,
    )
    .run(
      transaction.batch,
      position,
      payload.version,
      payload.body,
      orNull(payload.shown),
      orNull(payload.raw),
      transaction.group.atMs,
    )
}

/** What was once in quarantine keeps its payload for the story; what a retry healed needs it no more. */
function endItem(
  transaction: Transaction,
  write: ItemWrite,
  item: { readonly hadRow: boolean; readonly operation: string | undefined },
): void {
  if (!item.hadRow) return
  if (write.progress.generation > 1) resolveLetter(transaction, write, item.operation)
  else if (write.to === 'succeeded') {
    transaction.connection
      .statement('delete from payloads where batch = ? and position = ?')
      .run(transaction.batch, write.position)
  }
}
