import { getAt, isContainer, joinPlace, type Path, parsePath } from '../model/paths.ts'
import { putField } from '../model/plain-object.ts'
import { setAt } from '../model/set-at.ts'

/** What is wanted of a payload: fields set, or the whole of it replaced. */
export type PayloadEdit =
  | { readonly kind: 'set'; readonly fields: readonly FieldEdit[] }
  | { readonly kind: 'whole'; readonly value: unknown }

/** A field to be set. */
export interface FieldEdit {
  readonly path: Path
  /** As it was typed. A text stays a text where a text is now; elsewhere it is JSON if it can be. */
  readonly text?: string
  /** Said to be JSON (`PATH:=JSON`); takes the place of `text`. */
  readonly value?: unknown
}

/** An edit read or done, or why it can't be. */
export type Edited<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly why: string }

/** Reads `PATH=VALUE`, or `PATH:=JSON`. */
export function parseFieldEdit(word: string): Edited<FieldEdit> {
  const at = word.indexOf('=')
  if (at <= 0) return refuse(`'${word.slice(0, 100)}' sets nothing: write PATH=VALUE, or PATH:=JSON.`)
  const isJson = word[at - 1] === ':'
  const parsed = parsePath(word.slice(0, isJson ? at - 1 : at))
  if (!parsed.ok) return refuse(parsed.why)
  const { path } = parsed
  const text = word.slice(at + 1)
  if (!isJson) return { ok: true, value: { path, text } }
  const value = parseValue(text)
  return value.ok
    ? { ok: true, value: { path, value: value.value } }
    : refuse(`The value of '${path.join('.')}' ${value.why}`)
}

/** Reads JSON of a person. Refuses a field named `__proto__`: no row of a source needs one, and code that copies it may fall for it. */
export function parseValue(text: string): Edited<unknown> {
  let why: string | undefined
  try {
    const value: unknown = JSON.parse(text, (key, part: unknown) => {
      if (key === '__proto__') why = "has a field '__proto__', which a payload may not have."
      return part
    })
    return why === undefined ? { ok: true, value } : refuse(why)
  } catch (error) {
    return refuse(`is no JSON: ${(error as Error).message}`)
  }
}

/** The payload with the edit done; the given one is left as it is. */
export function editPayload(payload: unknown, edit: PayloadEdit): Edited<unknown> {
  if (edit.kind === 'whole') return { ok: true, value: edit.value }
  let value = payload
  for (const field of edit.fields) {
    const set = setAt(value, field.path, fieldValue(field, value))
    if (!set.ok) return refuse(set.why)
    value = set.value
  }
  return { ok: true, value }
}

/** A csv cell is a text and stays one: `--set amount=5` must not make a number of what the schema reads as text. */
function fieldValue({ path, text, value }: FieldEdit, payload: unknown): unknown {
  if (text === undefined) return value
  if (getAt(payload, path).some((old) => typeof old === 'string')) return text
  const parsed = parseValue(text)
  return parsed.ok ? parsed.value : text
}

/** A payload as it is and as people see it: masked, and plain JSON where it holds dates, bytes and the like. */
export interface Seen {
  readonly clear: unknown
  readonly shown: unknown
}

/**
 * An edited copy of what people see, with the clear value wherever it was left as it was seen: a mask keeps the value
 * behind it, the text of a date the date.
 */
export function keepUntouched(edited: unknown, { clear, shown }: Seen): unknown {
  if (isSame(edited, shown)) return clear
  if (!isContainer(edited) || !isContainer(shown) || !isContainer(clear)) return edited
  if (Array.isArray(edited) !== Array.isArray(shown)) return edited
  const copy: object = Array.isArray(edited) ? [] : {}
  for (const key of Object.keys(edited)) {
    const part = fieldOf(edited, key)
    const known = Object.hasOwn(shown, key) && Object.hasOwn(clear, key)
    putField(copy, key, known ? keepUntouched(part, { clear: fieldOf(clear, key), shown: fieldOf(shown, key) }) : part)
  }
  return copy
}

/** A place that differs between two payloads, as people see them. */
export interface PayloadChange {
  readonly at: string
  /** Absent: it was not there. */
  readonly before?: unknown
  /** Absent: it is not there any more. */
  readonly after?: unknown
  /** The values differ, and people see the same mask in both. */
  readonly masked?: true
}

/** The outermost places where two payloads differ, in the order of the first, then of the second. */
export function payloadChanges(before: Seen, after: Seen, at = ''): PayloadChange[] {
  if (isSame(before.clear, after.clear)) return []
  const parts = [before.clear, before.shown, after.clear, after.shown]
  if (!parts.every(isContainer) || Array.isArray(before.clear) !== Array.isArray(after.clear)) {
    const masked = isSame(before.shown, after.shown) ? ({ masked: true } as const) : {}
    return [{ at, before: before.shown, after: after.shown, ...masked }]
  }
  const keys = new Set([...Object.keys(before.clear as object), ...Object.keys(after.clear as object)])
  return [...keys].flatMap((key) => {
    const place = joinPlace(at, key)
    const [was, is] = [seenField(before, key), seenField(after, key)]
    if (was && is) return payloadChanges(was, is, place)
    return was ? [{ at: place, before: was.shown }] : [{ at: place, after: is!.shown }]
  })
}

function seenField({ clear, shown }: Seen, key: string): Seen | undefined {
  if (!Object.hasOwn(clear as object, key)) return undefined
  return { clear: fieldOf(clear as object, key), shown: fieldOf(shown as object, key) }
}

function fieldOf(value: object, key: string): unknown {
  return (value as { [key: string]: unknown })[key]
}

/** Of plain data, dates and bytes: as their JSON says. Big integers have none. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const text = (value: object) =>
    JSON.stringify(value, (_key, part: unknown) => {
      if (typeof part === 'bigint') return `${part}n`
      return part instanceof Map || part instanceof Set ? [part.constructor.name, ...part] : part
    })
  return one.constructor === other.constructor && text(one) === text(other)
}

function refuse(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why }
}
