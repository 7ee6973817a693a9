import type { ItemState } from '../../model/item.ts'
import type { LetterState, PayloadVersion } from '../../model/letter.ts'
import type { OperationItem, OperationRecord } from '../../model/operation.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import { type ItemEvent, nextItemState } from '../../model/transition.ts'
import type { LineageEntry } from '../letters.ts'
import type { Begun, Edit } from '../operations.ts'
import { recordChange } from './changes.ts'
import type { Connection } from './connection.ts'
import { addLineage } from './letter-writes.ts'
import { toVersion } from './letters.ts'
import { orNull } from './row.ts'
import { searchText } from './search-text.ts'

/** A letter as an act on it needs it. */
interface ActLetter {
  no: number
  id: string
  batch: number
  batch_id: string
  position: number
  key: string
  state: LetterState
  operation: string | null
  generation: number
  ineligible: string | null
  payload_version: number
  item_state: ItemState
}

interface Act {
  readonly operation: OperationRecord
  readonly letterIds: readonly string[]
  readonly event: ItemEvent
  readonly what: LineageEntry['what']
  readonly result: OperationItem['result']
  /** Why a letter is left out; undefined if it is taken. */
  readonly refuse: (letter: ActLetter) => string | undefined
  readonly apply: (letter: ActLetter) => void
}

export function beginRetry(connection: Connection, operation: OperationRecord, letterIds: readonly string[]): Begun {
  const at = operation.createdAtMs
  const begun = act(connection, {
    operation,
    letterIds,
    event: 'redrive',
    what: 'redriven',
    result: 'pending',
    refuse: (letter) => notInQuarantine(letter) ?? notEligible(letter),
    apply: (letter) => {
      connection
        .statement(`update items set state = 'pending', generation = generation + 1, attempts = 0, counted = '{}', first_failed_at_ms = null,
          excluded_ms = 0, last_delay_ms = null, due_at_ms = null, operation = ?, updated_at_ms = ? where batch = ? and position = ?`)
        .run(operation.id, at, letter.batch, letter.position)
      connection
        .statement(
          `update letters set state = 'redriving', view = 'scheduled', generation = generation + 1, operation = ?, updated_at_ms = ? where no = ?`,
        )
        .run(operation.id, at, letter.no)
    },
  })
  if (begun.taken.length === 0) complete(connection, operation)
  return begun
}

export function discard(connection: Connection, operation: OperationRecord, letterIds: readonly string[]): Begun {
  const begun = act(connection, {
    operation,
    letterIds,
    event: 'discard',
    what: 'discarded',
    result: 'discarded',
    refuse: notInQuarantine,
    apply: (letter) =>
      setStates(connection, letter, { item: 'discarded', letter: 'discarded', atMs: operation.createdAtMs }),
  })
  complete(connection, operation)
  return begun
}

export function undiscard(connection: Connection, operation: OperationRecord, letterIds: readonly string[]): Begun {
  const begun = act(connection, {
    operation,
    letterIds,
    event: 'undo_discard',
    what: 'undiscarded',
    result: 'quarantined',
    refuse: (letter) => (letter.state === 'discarded' ? undefined : `it is ${letter.state}, not discarded`),
    apply: (letter) =>
      setStates(connection, letter, { item: 'quarantined', letter: 'quarantined', atMs: operation.createdAtMs }),
  })
  complete(connection, operation)
  return begun
}

/** Adds a version of the payload. RD-1601, RD-1602 (not in quarantine), RD-1603 (another version is there already). */
export function editPayload(
  connection: Connection,
  operation: OperationRecord,
  given: { readonly letterId: string; readonly edit: Edit },
): PayloadVersion {
  const { edit, letterId } = given
  const letter = findLetter(connection, letterId)
  if (!letter) throw new RedriveError('RD-1601', { what: `The ledger has no dead letter ${letterId}` })
  const refused = notInQuarantine(letter)
  if (refused)
    throw new RedriveError('RD-1602', {
      what: `Dead letter ${letterId} can't be edited: ${refused}`,
      fix: 'Wait until it is in quarantine again.',
    })
  if (edit.expectedVersion !== letter.payload_version) {
    throw new RedriveError('RD-1603', {
      what: `Dead letter ${letterId} has payload version ${letter.payload_version}, not ${edit.expectedVersion}`,
      why: 'Someone else edited it meanwhile.',
      fix: 'Look at it again, then edit the newest version.',
    })
  }
  insertOperation(connection, operation)
  const version = letter.payload_version + 1
  const row = connection
    .statement(
      'insert into payloads (batch, position, version, body, shown, raw, by_whom, at_ms, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning *',
    )
    .get(
      letter.batch,
      letter.position,
      version,
      edit.body,
      orNull(edit.shown),
      orNull(edit.raw),
      operation.actor,
      operation.createdAtMs,
      orNull(operation.reason),
    )
  repairLetter(connection, letter, { edit, version, atMs: operation.createdAtMs })
  insertItem(connection, operation, { ordinal: 1, letter, result: 'edited', why: undefined })
  tell(connection, letter, {
    operation,
    what: 'edited',
    generation: letter.generation,
    detail: `payload version ${version}`,
  })
  complete(connection, operation)
  return toVersion(row as unknown as Parameters<typeof toVersion>[0])
}

function repairLetter(
  connection: Connection,
  letter: ActLetter,
  to: { readonly edit: Edit; readonly version: number; readonly atMs: number },
): void {
  const key = to.edit.key ?? letter.key
  connection
    .statement('update letters set payload_version = ?, ineligible = null, key = ?, updated_at_ms = ? where no = ?')
    .run(to.version, key, to.atMs, letter.no)
  connection
    .statement('update items set key = ? where batch = ? and position = ?')
    .run(key, letter.batch, letter.position)
  const details = connection
    .statement(
      'select coalesce(d.failure, a.failure) as failure, d.user_message from letter_details d left join attempts a on a.no = d.attempt where d.letter = ?',
    )
    .get(letter.no) as { failure: string; user_message: string }
  const search = searchText({
    key,
    failure: JSON.parse(details.failure),
    userMessage: details.user_message,
    raw: to.edit.rawShown,
    shown: to.edit.shown ?? to.edit.body ?? undefined,
  })
  connection.statement('update letter_details set search = ? where letter = ?').run(search, letter.no)
}

/** Runs an act over letters, each taken or left out with a reason; an id that comes twice is left out the second time. */
function act(connection: Connection, what: Act): Begun {
  const { operation, letterIds } = what
  const taken: Begun['taken'][number][] = []
  const leftOut: Begun['leftOut'][number][] = []
  insertOperation(connection, operation)
  for (const [index, letterId] of letterIds.entries()) {
    const letter = findLetter(connection, letterId)
    const to = letter && nextItemState(letter.item_state, what.event, 'operator')
    const why = letter
      ? (what.refuse(letter) ?? (to ? undefined : `its item is ${letter.item_state}`))
      : 'there is no such dead letter'
    if (letter)
      insertItem(connection, operation, { ordinal: index + 1, letter, result: why ? 'left_out' : what.result, why })
    if (!letter || !to || why) {
      leftOut.push({ letterId, why: why ?? 'there is no such dead letter' })
      continue
    }
    what.apply(letter)
    tell(connection, letter, {
      operation,
      what: what.what,
      generation: letter.generation + (what.event === 'redrive' ? 1 : 0),
    })
    const event = { type: 'item', position: letter.position, key: letter.key, from: letter.item_state, to } as const
    recordChange(connection, { batch: letter.batch, atMs: operation.createdAtMs, event })
    taken.push({ letterId, batchId: letter.batch_id, position: letter.position })
  }
  return { taken, leftOut }
}

function findLetter(connection: Connection, id: string): ActLetter | undefined {
  const sql = `select l.no, l.id, l.batch, b.id as batch_id, l.position, l.key, l.state, l.operation, l.generation, l.ineligible,
    l.payload_version, i.state as item_state from letters l join batches b on b.no = l.batch
    join items i on i.batch = l.batch and i.position = l.position where l.id = ?`
  return connection.statement(sql).get(id) as ActLetter | undefined
}

function notInQuarantine(letter: ActLetter): string | undefined {
  if (letter.operation !== null) return `it is in operation ${letter.operation}`
  return letter.state === 'quarantined' ? undefined : `it is ${letter.state}`
}

function notEligible(letter: ActLetter): string | undefined {
  if (letter.ineligible !== null) return letter.ineligible
  return letter.payload_version === 0 ? 'its payload was not kept' : undefined
}

function setStates(
  connection: Connection,
  letter: ActLetter,
  to: { readonly item: ItemState; readonly letter: LetterState; readonly atMs: number },
): void {
  connection
    .statement('update items set state = ?, updated_at_ms = ? where batch = ? and position = ?')
    .run(to.item, to.atMs, letter.batch, letter.position)
  connection
    .statement('update letters set state = ?, updated_at_ms = ? where no = ?')
    .run(to.letter, to.atMs, letter.no)
}

function tell(
  connection: Connection,
  letter: ActLetter,
  entry: {
    readonly operation: OperationRecord
    readonly what: LineageEntry['what']
    readonly generation: number
    readonly detail?: string
  },
): void {
  const { operation, what, generation } = entry
  const reason = operation.reason === undefined ? {} : { reason: operation.reason }
  const detail = entry.detail === undefined ? {} : { detail: entry.detail }
  addLineage(connection, letter.no, {
    atMs: operation.createdAtMs,
    what,
    generation,
    by: operation.actor,
    operation: operation.id,
    ...reason,
    ...detail,
  })
}

function insertOperation(connection: Connection, operation: OperationRecord): void {
  connection
    .statement(
      'insert into operations (id, kind, actor, reason, selection, state, created_at_ms) values (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      operation.id,
      operation.kind,
      operation.actor,
      orNull(operation.reason),
      operation.selection,
      'running',
      operation.createdAtMs,
    )
}

interface OperationEntry {
  readonly ordinal: number
  readonly letter: ActLetter
  readonly result: OperationItem['result']
  readonly why: string | undefined
}

function insertItem(connection: Connection, operation: OperationRecord, entry: OperationEntry): void {
  connection
    .statement(
      'insert into operation_items (operation, ordinal, letter, batch, position, result, why) values (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      operation.id,
      entry.ordinal,
      entry.letter.id,
      entry.letter.batch,
      entry.letter.position,
      entry.result,
      orNull(entry.why),
    )
}

/** An act that is done with its transaction ends with it. */
function complete(connection: Connection, operation: OperationRecord): void {
  connection
    .statement(`update operations set state = 'completed', ended_at_ms = ? where id = ?`)
    .run(operation.createdAtMs, operation.id)
}
