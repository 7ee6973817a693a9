import { putField } from '../model/plain-object.ts'
import { isCardNumber } from './detect-cards.ts'
import { isOnlyMarks, redactedMark } from './mark.ts'
import { redactText } from './redact-text.ts'
import { isSecretName } from './secret-names.ts'

const depthMax = 200

interface Redaction {
  readonly known: readonly string[]
  readonly ancestors: Set<object>
  /** What was done with an object, apart for those below a secret name. Shared references are worked once. */
  readonly done: { readonly open: Map<object, unknown>; readonly secret: Map<object, unknown> }
}

/**
 * A copy of a value with its texts redacted as `redactText` does, keys included; below a name like `password`, `token`,
 * `authorization`, `cookie`, `api_key` texts and numbers are masked whole. Date, bytes, bigint, functions stay as they
 * are; an Error or URL that holds a secret becomes plain data. The very same reference if nothing changed. Never
 * throws: what can't be read becomes `‹unreadable›`, cyclic references `‹cyclic›`, below 200 levels `‹deeper›`.
 */
export function redactValue(value: unknown, known: readonly string[] = []): unknown {
  return redact(value, false, { known, ancestors: new Set(), done: { open: new Map(), secret: new Map() } })
}

function redact(value: unknown, isSecret: boolean, work: Redaction): unknown {
  if (typeof value === 'string') return redactString(value, isSecret, work)
  if (typeof value === 'number' || typeof value === 'bigint') return redactNumber(value, isSecret, work)
  if (typeof value !== 'object' || value === null) return value
  const done = isSecret ? work.done.secret : work.done.open
  if (work.ancestors.has(value)) return '‹cyclic›'
  if (done.has(value)) return done.get(value)
  if (work.ancestors.size >= depthMax) return '‹deeper›'
  work.ancestors.add(value)
  const redacted = redactObject(value, isSecret, work)
  work.ancestors.delete(value)
  done.set(value, redacted)
  return redacted
}

function redactString(text: string, isSecret: boolean, { known }: Redaction): string {
  if (!isSecret || text === '' || isOnlyMarks(text)) return redactText(text, known)
  return redactedMark('named')
}

function redactNumber(value: number | bigint, isSecret: boolean, { known }: Redaction): unknown {
  if (isSecret) return redactedMark('named')
  const text = String(value)
  if (text.length >= 14 && isCardNumber(text)) return redactedMark('card-number')
  if (known.length === 0) return value
  const place = text.length < 4 ? -1 : known.indexOf(text)
  return place < 0 ? value : redactText(text, known)
}

function redactObject(value: object, isSecret: boolean, work: Redaction): unknown {
  try {
    if (Array.isArray(value)) return redactList(value, isSecret, work)
    if (value instanceof Map) return redactMap(value, isSecret, work)
    if (value instanceof Set) return redactSet(value, isSecret, work)
    if (value instanceof Error) return redactError(value, work)
    if (value instanceof URL) return redactUrl(value, work)
    if (value instanceof Date || ArrayBuffer.isView(value)) return value
    return redactFields(value, isSecret, work)
  } catch {
    return '‹unreadable›'
  }
}

function redactList(list: readonly unknown[], isSecret: boolean, work: Redaction): unknown {
  let copy: unknown[] | undefined
  list.forEach((member, i) => {
    const redacted = redact(member, isSecret, work)
    if (Object.is(redacted, member)) return
    copy ??= list.slice()
    copy[i] = redacted
  })
  return copy ?? list
}

function redactFields(value: object, isSecret: boolean, work: Redaction): unknown {
  let changed = false
  const copy = {}
  for (const key of Object.keys(value)) {
    const field = readField(value, key)
    const { shown, hidesSecret } = lookAtName(key)
    const name = work.known.length === 0 ? shown : redactText(shown, work.known)
    const redacted = field === unreadable ? '‹unreadable›' : redact(field, isSecret || hidesSecret, work)
    changed ||= name !== key || !Object.is(redacted, field)
    putField(copy, freeName(copy, name, key), redacted)
  }
  return changed ? copy : value
}

interface Name {
  readonly shown: string
  readonly hidesSecret: boolean
}

// Rows have the same names over and over; what is remembered of them is bounded, and so is its length.
const names = new Map<string, Name>()
const namesMax = 1_000
const nameLengthMax = 64

function lookAtName(key: string): Name {
  const found = names.get(key)
  if (found) return found
  const name = { shown: redactText(key), hidesSecret: isSecretName(key) }
  if (names.size >= namesMax) names.clear()
  if (key.length <= nameLengthMax && name.shown === key) names.set(key, name)
  return name
}

const unreadable = Symbol('unreadable')

function readField(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key]
  } catch {
    return unreadable
  }
}

/** Two masked names must not fall into one field. */
function freeName(copy: object, name: string, key: string): string {
  if (name === key) return name
  let free = name
  for (let n = 2; Object.hasOwn(copy, free); n++) free = `${name} ${n}`
  return free
}

function redactMap(map: Map<unknown, unknown>, isSecret: boolean, work: Redaction): unknown {
  let changed = false
  const pairs = [...map].map(([key, value]) => {
    const name = redact(key, isSecret, work)
    const redacted = redact(value, isSecret || (typeof key === 'string' && isSecretName(key)), work)
    changed ||= !Object.is(name, key) || !Object.is(redacted, value)
    return [name, redacted] as const
  })
  return changed ? new Map(pairs) : map
}

function redactSet(set: Set<unknown>, isSecret: boolean, work: Redaction): unknown {
  const members = [...set]
  const redacted = redactList(members, isSecret, work) as unknown[]
  return redacted === members ? set : new Set(redacted)
}

function redactError(error: Error, work: Redaction): unknown {
  const plain: Record<string, unknown> = { name: error.name }
  // What an Error keeps for itself is not enumerable.
  for (const key of ['message', 'stack', 'cause', 'errors']) {
    const field = key in error ? readField(error, key) : undefined
    if (field !== undefined) plain[key] = field
  }
  Object.assign(plain, error)
  const redacted = redactFields(plain, false, work)
  return redacted === plain ? error : redacted
}

function redactUrl(url: URL, { known }: Redaction): unknown {
  const text = redactText(url.href, known)
  return text === url.href ? url : text
}
