import { classNameOf, isPlainObject } from './plain-object.ts'

const pictureBytes = 4_096

/** JSON text of at most 4 KiB that shows what a value is, for a person. Never throws, never runs a getter. */
export function pictureOf(value: unknown): string {
  for (let share = 1; share >= 1 / 64; share /= 4) {
    const text = JSON.stringify(sketch(value, { depth: 0, share, left: { fields: Math.ceil(200 * share) } }))
    if (Buffer.byteLength(text) <= pictureBytes) return text
  }
  return '"‹too large to show›"'
}

interface Frame {
  readonly depth: number
  /** Part of the full allowance of text and fields. */
  readonly share: number
  readonly left: { fields: number }
}

function sketch(value: unknown, frame: Frame): unknown {
  try {
    if (typeof value === 'string') return cut(value, Math.ceil(400 * frame.share))
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : `‹${nameOf(value)}›`
    if (typeof value === 'boolean' || value === null) return value
    if (typeof value === 'bigint') return cut(`‹${value}n›`, 100)
    if (typeof value !== 'object') return `‹${typeof value}›`
    return sketchObject(value, frame)
  } catch {
    return '‹unreadable›'
  }
}

function sketchObject(value: object, frame: Frame): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '‹invalid date›' : value.toISOString()
  if (ArrayBuffer.isView(value)) return `‹${value.byteLength} bytes›`
  if (frame.depth >= 6) return '‹deeper›'
  const inner = { ...frame, depth: frame.depth + 1 }
  if (Array.isArray(value)) return sketchList(value, inner)
  if (value instanceof Map) return { '‹Map›': sketchList([...first(value, 20)], inner), size: value.size }
  if (value instanceof Set) return { '‹Set›': sketchList([...first(value, 20)], inner), size: value.size }
  return sketchFields(value, inner)
}

function sketchList(list: readonly unknown[], frame: Frame): unknown[] {
  const shown: unknown[] = []
  for (let i = 0; i < Math.min(list.length, 20) && frame.left.fields > 0; i++) shown.push(sketchField(list, i, frame))
  if (list.length > shown.length) shown.push(`‹${list.length - shown.length} more›`)
  return shown
}

function sketchFields(value: object, frame: Frame): unknown {
  const shown: [string, unknown][] = isPlainObject(value) ? [] : [['‹class›', classNameOf(value)]]
  const keys = Object.keys(value)
  let count = 0
  for (const key of keys) {
    if (count >= 40 || frame.left.fields <= 0) break
    shown.push([cut(key, 60), sketchField(value, key, frame)])
    count++
  }
  if (keys.length > count) shown.push(['‹more›', keys.length - count])
  return Object.fromEntries(shown)
}

function sketchField(owner: object, key: string | number, frame: Frame): unknown {
  frame.left.fields--
  try {
    const field = Object.getOwnPropertyDescriptor(owner, key)
    return field && !('value' in field) ? '‹getter›' : sketch(field?.value ?? null, frame)
  } catch {
    return '‹unreadable›'
  }
}

function* first<Value>(values: Iterable<Value>, count: number): Iterable<Value> {
  for (const value of values) {
    if (count-- <= 0) return
    yield value
  }
}

function nameOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}… (${text.length} characters)` : text
}
