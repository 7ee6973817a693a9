import type { AttemptRecord } from '../model/attempt.ts'
import { type Path, parsePath } from '../model/paths.ts'
import { decodePayload, encodePayload } from '../model/payload-codec.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { maskPaths } from '../redact/mask-paths.ts'
import { redactText } from '../redact/redact-text.ts'
import { redactValue } from '../redact/redact-value.ts'
import type { Keyring } from './keyring.ts'
import type { Edit, Operations } from './operations.ts'
import type { CommitGroup, ItemWrite, KeptPayload, NewLetter, Runs } from './runs.ts'
import { openPaths, open as openSealed, SealError, seal, sealPaths } from './sealing.ts'
import type { Store } from './store.ts'

/** What the guard must know besides what passes it. */
export interface GuardOptions {
  /** Declared secret paths of a batch. */
  readonly secretsOf: (batchId: string) => Promise<readonly string[]>
  /** Needed where a batch declares secret paths. */
  readonly keyring?: Keyring
}

/**
 * Wraps any store: what passes to it is redacted, at the one place where anything is written. Errors, contexts, logs and
 * reasons lose their secrets for good; a payload is kept verbatim beside a redacted copy for people, its declared secret
 * fields encrypted one by one.
 */
export function guard(store: Store, options: GuardOptions): Store {
  const secrets = new Map<string, Promise<Secrets>>()
  const secretsOf = (batchId: string): Promise<Secrets> => {
    let known = secrets.get(batchId)
    if (!known) {
      known = options.secretsOf(batchId).then((paths) => readSecrets(paths, options.keyring))
      secrets.set(batchId, known)
    }
    return known
  }
  return { ...store, runs: guardRuns(store.runs, secretsOf), operations: guardOperations(store, secretsOf) }
}

interface Secrets {
  readonly paths: readonly Path[]
  readonly keyring: Keyring | undefined
}

const needsNothing = (group: CommitGroup) =>
  !group.items && !group.notices && !group.failures && !group.batch && !group.successes && !group.spool

function readSecrets(texts: readonly string[], keyring: Keyring | undefined): Secrets {
  const paths = texts.map((text) => parsePath(text)).flatMap((parsed) => (parsed.ok ? [parsed.path] : []))
  if (paths.length > 0 && !keyring) {
    throw new RedriveError('RD-1106', {
      what: 'the batch has secret fields, and there is no key to encrypt or read them with: REDRIVE_KEYS is not set',
    })
  }
  return { paths, keyring: paths.length > 0 ? keyring : undefined }
}

function guardRuns(runs: Runs, secretsOf: (batchId: string) => Promise<Secrets>): Runs {
  return {
    ...bound(runs),
    async commit(group) {
      if (needsNothing(group)) return runs.commit(group)
      return runs.commit(guardGroup(group, await secretsOf(group.batchId)))
    },
    async payloads(batchId, positions) {
      const kept = await runs.payloads(batchId, positions)
      const secrets = await secretsOf(batchId)
      if (!secrets.keyring) return kept
      return new Map(
        [...kept].map(([position, payload]) => [position, unseal(payload, secrets, `${batchId}:${position}`)]),
      )
    },
    async spooled(batchId, page) {
      const { keyring } = await secretsOf(batchId)
      const paged = await runs.spooled(batchId, page)
      if (!keyring) return paged
      return {
        ...paged,
        rows: paged.rows.map((row) => ({
          ...row,
          body: opened(keyring, row.body, `${batchId}:${row.position}:spool`),
        })),
      }
    },
  }
}

/** The methods of an object, callable apart from it. */
function bound<Room extends object>(room: Room): Room {
  const copy: Record<string, unknown> = {}
  for (const name of methodNames(room))
    copy[name] = (room as Record<string, (...args: unknown[]) => unknown>)[name]!.bind(room)
  return copy as Room
}

function methodNames(room: object): string[] {
  const own = Object.getOwnPropertyNames(room)
  const prototype = Object.getPrototypeOf(room) as object
  const inherited = prototype === Object.prototype ? [] : Object.getOwnPropertyNames(prototype)
  return [...own, ...inherited].filter(
    (name) => name !== 'constructor' && typeof (room as Record<string, unknown>)[name] === 'function',
  )
}

function guardGroup(group: CommitGroup, secrets: Secrets): CommitGroup {
  const { keyring } = secrets
  return {
    ...group,
    ...(group.items && { items: group.items.map((item) => guardItem(group.batchId, item, secrets)) }),
    ...(group.notices && {
      notices: group.notices.map((notice) => ({ ...notice, message: redactText(notice.message) })),
    }),
    ...(group.failures && {
      failures: group.failures.map((failure) => ({ ...failure, title: redactText(failure.title) })),
    }),
    ...(group.batch?.why !== undefined && { batch: { ...group.batch, why: redactText(group.batch.why) } }),
    ...(keyring &&
      group.successes && {
        successes: group.successes.map((kept) =>
          kept.result === undefined
            ? kept
            : {
                ...kept,
                result: JSON.stringify({
                  $sealed: seal(keyring, kept.result, `${group.batchId}:${kept.position}:result`),
                }),
              },
        ),
      }),
    ...(keyring &&
      group.spool && {
        spool: group.spool.map((row) => ({
          ...row,
          body: seal(keyring, row.body, `${group.batchId}:${row.position}:spool`),
        })),
      }),
  }
}

function guardItem(batchId: string, item: ItemWrite, secrets: Secrets): ItemWrite {
  const { payload, attempt, letter } = item
  if (!payload && !attempt && !letter && !secrets.keyring) return item
  const place = `${batchId}:${item.position}`
  const guarded = payload && guardPayload(payload, secrets, place)
  const known = guarded?.known ?? []
  return {
    ...item,
    key: known.length > 0 ? redactText(item.key, known) : item.key,
    ...(guarded && { payload: guarded.payload }),
    ...(attempt && { attempt: guardAttempt(attempt, known) }),
    ...(letter && { letter: guardLetter(letter, known, secrets) }),
  }
}

/** What people see of text that is kept encrypted as a whole. */
const encryptedMark = '(encrypted)'

interface GuardedPayload {
  readonly payload: KeptPayload
  /** Clear values at secret paths, to be masked wherever they recur. */
  readonly known: readonly string[]
}

function guardPayload(payload: KeptPayload, { paths, keyring }: Secrets, place: string): GuardedPayload {
  if (payload.body === null) {
    const raw = keyring && payload.raw !== undefined ? { raw: seal(keyring, payload.raw, `${place}:raw`) } : {}
    return { payload: { ...payload, ...raw }, known: [] }
  }
  const value = decodePayload(payload.body)
  const { shown: masked, secrets } = maskPaths(value, paths)
  const shown = redactValue(masked, secrets)
  const body = keyring ? textOf(sealPaths(value, paths, keyring, place)) : payload.body
  return { payload: { ...payload, body, ...(shown !== value && { shown: textOf(shown) }) }, known: secrets }
}

function textOf(value: unknown): string {
  const encoded = encodePayload(value)
  return encoded.ok ? encoded.text : JSON.stringify(`(cannot be shown: ${encoded.why})`)
}

function guardAttempt(attempt: AttemptRecord, known: readonly string[]): AttemptRecord {
  const { failure, classification, decision, logs } = attempt
  return {
    ...attempt,
    decision: { ...decision, why: redactText(decision.why, known) },
    ...(failure && { failure: redactValue(failure, known) as typeof failure }),
    ...(classification && { classification: redactValue(classification, known) as typeof classification }),
    ...(logs && { logs: logs.map((line) => redactText(line, known)) }),
  }
}

function guardLetter(letter: NewLetter, known: readonly string[], { keyring }: Secrets): NewLetter {
  const { failure, classification, raw, ineligible } = letter
  return {
    ...letter,
    failure: redactValue(failure, known) as typeof failure,
    classification: redactValue(classification, known) as typeof classification,
    title: redactText(letter.title, known),
    instructions: redactText(letter.instructions, known),
    userMessage: redactText(letter.userMessage, known),
    // Where the secret fields of a row that can't be read stand, nobody can tell: its text is kept encrypted only.
    ...(raw !== undefined && { raw: keyring ? encryptedMark : redactText(raw, known) }),
    ...(ineligible !== undefined && { ineligible: redactText(ineligible, known) }),
  }
}

function unseal(payload: KeptPayload, { keyring }: Secrets, place: string): KeptPayload {
  if (!keyring) return payload
  if (payload.body === null)
    return payload.raw === undefined ? payload : { ...payload, raw: opened(keyring, payload.raw, `${place}:raw`) }
  return { ...payload, body: asKeyProblem(() => textOf(openPaths(decodePayload(payload.body!), keyring, place))) }
}

function opened(keyring: Keyring, sealed: string, context: string): string {
  return asKeyProblem(() => openSealed(keyring, sealed, context))
}

function asKeyProblem<Result>(fn: () => Result): Result {
  try {
    return fn()
  } catch (error) {
    if (error instanceof SealError)
      throw new RedriveError('RD-1106', { what: `a secret field could not be read: ${error.message}`, cause: error })
    throw error
  }
}

function guardOperations(store: Store, secretsOf: (batchId: string) => Promise<Secrets>): Operations {
  const { operations, letters } = store
  return {
    ...bound(operations),
    async edit(operation, letterId, edit) {
      const letter = await letters.get(letterId)
      if (!letter) return operations.edit(operation, letterId, edit)
      const secrets = await secretsOf(letter.batchId)
      return operations.edit(operation, letterId, guardEdit(edit, secrets, `${letter.batchId}:${letter.position}`))
    },
  }
}

function guardEdit(edit: Edit, secrets: Secrets, place: string): Edit {
  const { payload, known } = guardPayload(
    { version: edit.expectedVersion + 1, body: edit.body, ...(edit.raw !== undefined && { raw: edit.raw }) },
    secrets,
    place,
  )
  const { body, shown, raw } = payload
  return {
    expectedVersion: edit.expectedVersion,
    body,
    ...(shown !== undefined && { shown }),
    ...(raw !== undefined && { raw }),
    ...(edit.raw !== undefined && { rawShown: secrets.keyring ? encryptedMark : redactText(edit.raw) }),
    ...(edit.key !== undefined && { key: redactText(edit.key, known) }),
  }
}
