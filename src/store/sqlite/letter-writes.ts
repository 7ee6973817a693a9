import { RedriveError } from '../../model/redrive-error.ts'
import type { LineageEntry } from '../letters.ts'
import type { ItemWrite, NewLetter } from '../runs.ts'
import type { Connection } from './connection.ts'
import { orNull } from './row.ts'
import { searchText } from './search-text.ts'
import type { Transaction } from './transaction.ts'

/** Lineage of what happens without a person. */
const runner = 'runner'
/** From this generation on a person should look (`review`). */
const reviewFromGeneration = 3
const sureFrom = 0.5

/** An attempt as it was just written. */
export interface KeptAttempt {
  readonly no: number
  /** JSON text. */
  readonly failure: string | null
  readonly classification: string | null
}

interface Quarantining {
  readonly operation: string | undefined
  readonly attempt: KeptAttempt | undefined
  /** The item had no row: so it has no letter, and no payload but the one given. */
  readonly isNew: boolean
}

/** Makes the item's letter, or brings the one it has up to date. */
export function quarantineLetter(transaction: Transaction, write: ItemWrite, how: Quarantining): void {
  const { connection, batch, group } = transaction
  const { operation } = how
  const letter = write.letter!
  const existing = how.isNew
    ? undefined
    : (connection.statement('select no from letters where batch = ? and position = ?').get(batch, write.position) as
        | { no: number }
        | undefined)
  const version = how.isNew ? (write.payload?.version ?? 0) : newestVersion(transaction, write)
  const no = existing
    ? updateLetter(transaction, write, { no: existing.no, version })
    : insertLetter(transaction, write, version)
  writeDetails(transaction, write, { no, attempt: how.attempt })
  addLineage(connection, no, {
    atMs: group.atMs,
    what: 'quarantined',
    generation: write.progress.generation,
    by: runner,
    ...(operation === undefined ? {} : { operation }),
    detail: write.attempt?.decision.why ?? letter.classification.why,
  })
}

/** Ends the letter of an item that left quarantine for good. */
export function resolveLetter(transaction: Transaction, write: ItemWrite, operation: string | undefined): void {
  const { connection, batch, group } = transaction
  const given = write.to === 'succeeded' || write.to === 'skipped' ? ('resolved' as const) : ('discarded' as const)
  const letter = connection
    .statement(
      `update letters set state = ?, operation = null, view = 'failed', updated_at_ms = ? where batch = ? and position = ? returning no`,
    )
    .get(given, group.atMs, batch, write.position) as { no: number } | undefined
  if (!letter)
    throw new RedriveError('RD-1999', {
      what: `Item ${group.batchId}:${write.position} has no dead letter, though it was redriven`,
    })
  addLineage(connection, letter.no, {
    atMs: group.atMs,
    what: write.to === 'succeeded' || write.to === 'skipped' ? write.to : 'discarded',
    generation: write.progress.generation,
    by: runner,
    ...(given === 'discarded' ? { reason: `the item was ${write.to}` } : {}),
    ...(operation === undefined ? {} : { operation }),
  })
}

/** Adds to a letter's story. */
export function addLineage(connection: Connection, letter: number, entry: LineageEntry): void {
  connection
    .statement(
      'insert into lineage (letter, at_ms, what, generation, by_whom, reason, operation, detail) values (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      letter,
      entry.atMs,
      entry.what,
      entry.generation,
      entry.by,
      orNull(entry.reason),
      orNull(entry.operation),
      orNull(entry.detail),
    )
}

function insertLetter(transaction: Transaction, write: ItemWrite, version: number): number {
  const { connection, batch, group } = transaction
  const letter = write.letter!
  const { classification } = letter
  const inserted = connection
    .statement(`insert into letters (id, batch, position, job, key, stage, dependency, state, view, generation, attempts, type, disposition,
      severity, code, group_id, ineligible, stopped, payload_version, line, byte, code_version, created_at_ms, updated_at_ms)
      values (?, ?, ?, ?, ?, ?, ?, 'quarantined', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    .run(
      letter.id,
      batch,
      write.position,
      letter.job,
      write.key,
      orNull(write.stage),
      orNull(write.dependency),
      viewOf(write, letter),
      write.progress.generation,
      letter.attempts,
      classification.type,
      classification.disposition,
      classification.severity,
      codeOf(letter),
      letter.group,
      orNull(letter.ineligible),
      Number(letter.stopped ?? false),
      version,
      orNull(letter.line),
      orNull(letter.byte),
      orNull(letter.codeVersion),
      group.atMs,
      group.atMs,
    )
  return Number(inserted.lastInsertRowid)
}

function updateLetter(
  transaction: Transaction,
  write: ItemWrite,
  to: { readonly no: number; readonly version: number },
): number {
  const letter = write.letter!
  const { classification } = letter
  transaction.connection
    .statement(`update letters set key = ?, stage = ?, dependency = ?, state = 'quarantined', view = ?, generation = ?, attempts = attempts + ?,
      type = ?, disposition = ?, severity = ?, code = ?, group_id = ?, operation = null, ineligible = ?, stopped = ?, payload_version = ?,
      line = ?, byte = ?, code_version = ?, updated_at_ms = ? where no = ?`)
    .run(
      write.key,
      orNull(write.stage),
      orNull(write.dependency),
      viewOf(write, letter),
      write.progress.generation,
      letter.attempts,
      classification.type,
      classification.disposition,
      classification.severity,
      codeOf(letter),
      letter.group,
      orNull(letter.ineligible),
      Number(letter.stopped ?? false),
      to.version,
      orNull(letter.line),
      orNull(letter.byte),
      orNull(letter.codeVersion),
      transaction.group.atMs,
      to.no,
    )
  return to.no
}

function writeDetails(
  transaction: Transaction,
  write: ItemWrite,
  to: { readonly no: number; readonly attempt: KeptAttempt | undefined },
): void {
  const letter = write.letter!
  const { attempt } = to
  // Nearly always the very objects that the attempt was written with: then their text is there already.
  const failure = letter.failure === write.attempt?.failure ? attempt?.failure : JSON.stringify(letter.failure)
  const classification =
    letter.classification === write.attempt?.classification
      ? attempt?.classification
      : JSON.stringify(letter.classification)
  const shown = write.payload?.shown ?? write.payload?.body ?? shownPayload(transaction, write.position)
  transaction.connection
    .statement(
      `insert or replace into letter_details (letter, attempt, failure, classification, instructions, user_message, raw, search) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      to.no,
      attempt?.no ?? null,
      failure === attempt?.failure ? null : orNull(failure),
      classification === attempt?.classification ? null : orNull(classification),
      letter.instructions,
      letter.userMessage,
      orNull(letter.raw),
      searchText({ key: write.key, failure: letter.failure, userMessage: letter.userMessage, raw: letter.raw, shown }),
    )
}

function viewOf(write: ItemWrite, letter: NewLetter): string {
  const { type, confidence } = letter.classification
  return type === 'unknown' || confidence < sureFrom || write.progress.generation >= reviewFromGeneration
    ? 'review'
    : letter.view
}

function codeOf(letter: NewLetter): string | null {
  return orNull(letter.failure.code ?? letter.classification.code)
}

function newestVersion({ connection, batch }: Transaction, write: ItemWrite): number {
  const sql = 'select coalesce(max(version), 0) as version from payloads where batch = ? and position = ?'
  return (connection.statement(sql).get(batch, write.position) as { version: number }).version
}

function shownPayload({ connection, batch }: Transaction, position: number): string | undefined {
  const sql =
    'select coalesce(shown, body) as shown from payloads where batch = ? and position = ? order by version desc limit 1'
  return (connection.statement(sql).get(batch, position) as { shown: string | null } | undefined)?.shown ?? undefined
}
