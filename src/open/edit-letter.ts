import type { Clock } from '../model/clock.ts'
import { newId } from '../model/ids.ts'
import { type Path, parsePath } from '../model/paths.ts'
import { decodePayload, encodePayload } from '../model/payload-codec.ts'
import { RedriveError } from '../model/redrive-error.ts'
import {
  editPayload,
  keepUntouched,
  type PayloadChange,
  type PayloadEdit,
  payloadChanges,
  type Seen,
} from '../quarantine/edit-payload.ts'
import { maskPaths, unmaskPaths } from '../redact/mask-paths.ts'
import { redactText } from '../redact/redact-text.ts'
import { redactValue } from '../redact/redact-value.ts'
import type { BatchRecord, KeptPayload } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { checkEdited } from './check-edited.ts'
import { systemClock } from './system-clock.ts'

/** What is wanted of a dead letter: another payload, or the repaired text of a row that can't be read. */
export type LetterEdit = PayloadEdit | { readonly kind: 'raw'; readonly text: string }

export interface EditLetter {
  /** Guarded: the payload is given in clear. */
  readonly store: Store
  readonly letterId: string
  readonly edit: LetterEdit
  readonly actor: string
  readonly reason?: string
  /** Instead of the job file that the batch names. */
  readonly jobFile?: string
  readonly cwd: string
  /** False: whatever the source's schema says. */
  readonly check: boolean
  /** A payload as JSON shows it: dates as text, and the like. */
  readonly plain: (value: unknown) => unknown
  readonly clock?: Clock
  readonly random?: () => number
}

export interface EditedLetter {
  readonly version: number
  readonly key: string
  /** The source accepts it; or why it was not asked. */
  readonly checked: true | string
  /** Redacted, as people see it. */
  readonly changes: readonly PayloadChange[]
}

/**
 * Adds a version to the payload of a dead letter. Rejects with RD-1603 when the edit can't be done or the source doesn't
 * accept what it leads to, RD-1602 when the letter isn't in quarantine, RD-1106 when its secrets can't be read.
 */
export async function editLetter(options: EditLetter): Promise<EditedLetter> {
  const { store, letterId, edit, actor, reason, clock = systemClock, random = Math.random } = options
  const letter = await store.letters.get(letterId)
  if (!letter) throw new RedriveError('RD-1601', { what: `There is no dead letter ${letterId} in ${store.url}.` })
  const batch = (await store.runs.get(letter.batchId))!
  const kept = (await store.runs.payloads(batch.id, [letter.position])).get(letter.position)
  const seeing = seeingOf(batch, options.plain)
  const before = kept?.body == null ? undefined : seeing(decodePayload(kept.body))
  const after = edit.kind === 'raw' ? undefined : seeing(newPayload(edit, before, { letterId, batch }))
  const given = after === undefined ? { raw: (edit as { text: string }).text } : { payload: after.clear }
  const verdict = options.check
    ? await checkEdited(batch, given, { ...options, secrets: after?.secrets ?? [] })
    : { checked: 'it was not to be' }
  const nowMs = clock.wallMs()
  const operation = {
    id: newId('o', nowMs, random),
    kind: 'edit',
    actor,
    selection: letterId,
    state: 'running',
    createdAtMs: nowMs,
    ...(reason !== undefined && { reason }),
  } as const
  const version = await store.operations.edit(operation, letterId, {
    expectedVersion: letter.payloadVersion,
    ...(after === undefined ? { body: null, raw: (edit as { text: string }).text } : { body: encoded(after.clear) }),
    ...(verdict.key !== undefined && { key: verdict.key }),
  })
  const changes = after
    ? payloadChanges(before ?? { clear: undefined, shown: undefined }, after)
    : rawChange(kept, edit, batch)
  return { version: version.version, key: verdict.key ?? letter.key, checked: verdict.checked, changes }
}

interface SeenWithSecrets extends Seen {
  /** Clear texts of declared secrets. */
  readonly secrets: readonly string[]
}

function seeingOf(batch: BatchRecord, plain: (value: unknown) => unknown): (clear: unknown) => SeenWithSecrets {
  const paths = secretPaths(batch)
  return (clear) => {
    const { shown, secrets } = maskPaths(clear, paths)
    return { clear, shown: plain(redactValue(shown, secrets)), secrets }
  }
}

function secretPaths({ secret }: BatchRecord): Path[] {
  return secret.map((text) => parsePath(text)).flatMap((parsed) => (parsed.ok ? [parsed.path] : []))
}

interface Place {
  readonly letterId: string
  readonly batch: BatchRecord
}

function newPayload(edit: PayloadEdit, before: Seen | undefined, { letterId, batch }: Place): unknown {
  if (!before && edit.kind === 'set') {
    throw new RedriveError('RD-1603', {
      what: `Dead letter ${letterId} has no payload whose fields could be set.`,
      why: 'Its row could not be read, or its payload could not be kept.',
      fix: 'Give the repaired text of the row by --raw TEXT, or the whole payload by --file FILE.',
    })
  }
  const edited = editPayload(before?.clear, edit)
  if (!edited.ok) throw new RedriveError('RD-1603', { what: `The edit can't be done: ${edited.why}` })
  if (edit.kind === 'set' || !before) return unmasked(edited.value, before, batch)
  return unmasked(keepUntouched(edited.value, before), before, batch)
}

/** No mask may become a value. */
function unmasked(value: unknown, before: Seen | undefined, batch: BatchRecord): unknown {
  const clear = unmaskPaths(value, before?.clear, secretPaths(batch))
  if (!clear.ok) throw new RedriveError('RD-1603', { what: `The edit can't be done: ${clear.why}` })
  const mark = /‹redacted:[a-z0-9-]{1,24}›/.exec(encoded(clear.value))?.[0]
  if (mark !== undefined && !(before && encoded(before.clear).includes(mark))) {
    throw new RedriveError('RD-1603', {
      what: `The edit can't be done: it holds ${mark}, which stands for a value that is hidden from people.`,
      fix: 'Leave a field with such a mark where and as it is, or type its value.',
    })
  }
  return clear.value
}

function encoded(value: unknown): string {
  const text = encodePayload(value)
  if (text.ok) return text.text
  throw new RedriveError('RD-1603', { what: `The edited payload can't be kept: ${text.why}.` })
}

function rawChange(kept: KeptPayload | undefined, edit: LetterEdit, { secret }: BatchRecord): PayloadChange[] {
  const hide = (text: string) => (secret.length > 0 ? '(hidden: the job has secret fields)' : redactText(text))
  const before = kept?.raw === undefined ? {} : { before: hide(kept.raw) }
  return [{ at: 'raw', ...before, after: hide((edit as { text: string }).text) }]
}
