import { depthMax } from './payload-scan.ts'
import { tags } from './payload-tags.ts'
import { classNameOf, isPlainObject } from './plain-object.ts'
import { isSealed } from './sealed.ts'

/** JSON text with tags; reads each field once. Throws `Unfit`, nothing else. */
export function writeTagged(value: unknown, limitBytes: number): string {
  const pen: Pen = { path: [], ancestors: new Set(), limitBytes, leftBytes: limitBytes }
  try {
    return write(value, pen)
  } catch (thrown) {
    if (isUnfit(thrown)) throw thrown
    throw unfit(pen, 'reading it threw')
  }
}

/** Why a value doesn't fit, and where. */
export class Unfit extends Error {
  readonly why: string
  constructor(why: string) {
    super(why)
    this.why = why
  }
}

interface Pen {
  /** Where the pen stands; left as it is by a throw, so that whatever goes wrong is told with its place. */
  readonly path: (string | number)[]
  readonly ancestors: Set<object>
  readonly limitBytes: number
  leftBytes: number
}

function write(value: unknown, pen: Pen): string {
  switch (typeof value) {
    case 'string':
      spend(pen, value.length + 2)
      return JSON.stringify(value)
    case 'number':
      spend(pen, 1)
      return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : writeOddNumber(value)
    case 'boolean':
      spend(pen, 4)
      return String(value)
    case 'undefined':
      spend(pen, 19)
      return '{"$undefined":true}'
    case 'bigint':
      spend(pen, 14)
      return `{"$bigint":"${value}"}`
    case 'object':
      return value === null ? 'null' : writeObject(value, pen)
    default:
      throw unfit(pen, typeof value === 'function' ? 'a function' : 'a symbol')
  }
}

function writeOddNumber(value: number): string {
  return `{"$number":"${Object.is(value, -0) ? '-0' : value}"}`
}

function writeObject(value: object, pen: Pen): string {
  if (isSealed(value)) return `{"$sealed":${write(value.$sealed, pen)}}`
  if (pen.ancestors.has(value)) throw unfit(pen, 'a reference back to what contains it (cyclic)')
  if (pen.ancestors.size >= depthMax) throw unfit(pen, `nested deeper than ${depthMax} levels`)
  spend(pen, 2)
  pen.ancestors.add(value)
  const text = Array.isArray(value)
    ? writeList(value, pen)
    : isPlainObject(value)
      ? writeFields(value as Record<string, unknown>, pen)
      : writeKnownClass(value, pen)
  pen.ancestors.delete(value)
  return text
}

function writeFields(value: Record<string, unknown>, pen: Pen): string {
  if (Object.getOwnPropertySymbols(value).length > 0) throw unfit(pen, 'a field named by a symbol')
  const keys = Object.keys(value)
  const parts: string[] = []
  for (const key of keys) {
    spend(pen, key.length + 3)
    pen.path.push(key)
    parts.push(`${JSON.stringify(key)}:${write(value[key], pen)}`)
    pen.path.pop()
  }
  const text = `{${parts.join(',')}}`
  return keys.length === 1 && tags.has(keys[0]!) ? `{"$plain":${text}}` : text
}

function writeList(list: readonly unknown[], pen: Pen): string {
  if (Object.getPrototypeOf(list) !== Array.prototype) throw foreign(list, pen)
  // A list's length costs nothing to claim: `new Array(4e9)` must not be walked.
  if (list.length > pen.leftBytes) throw tooLarge(pen)
  for (const key of Reflect.ownKeys(list))
    if (typeof key === 'symbol' || (key !== 'length' && !(Number(key) < list.length)))
      throw unfit(pen, 'a list with named fields')
  return `[${writeMembers(list, pen)}]`
}

function writeMembers(members: readonly unknown[], pen: Pen): string {
  const parts: string[] = []
  for (let i = 0; i < members.length; i++) {
    pen.path.push(i)
    spend(pen, 1)
    parts.push(i in members ? write(members[i], pen) : '{"$hole":true}')
    pen.path.pop()
  }
  return parts.join(',')
}

function writePairs(pairs: readonly (readonly [unknown, unknown])[], pen: Pen): string {
  const parts: string[] = []
  for (let i = 0; i < pairs.length; i++) {
    pen.path.push(i)
    spend(pen, 4)
    parts.push(`[${write(pairs[i]![0], pen)},${write(pairs[i]![1], pen)}]`)
    pen.path.pop()
  }
  return parts.join(',')
}

function writeKnownClass(value: object, pen: Pen): string {
  switch (Object.getPrototypeOf(value)) {
    case Date.prototype:
      return writeDate(bare(value as Date, pen))
    case Map.prototype:
      return `{"$map":[${writePairs([...bare(value as Map<unknown, unknown>, pen)], pen)}]}`
    case Set.prototype:
      return `{"$set":[${writeMembers([...bare(value as Set<unknown>, pen)], pen)}]}`
    case Uint8Array.prototype:
      return writeBytes('$bytes', value as Uint8Array, pen)
    case Buffer.prototype:
      return writeBytes('$buffer', value as Uint8Array, pen)
    default:
      throw foreign(value, pen)
  }
}

function writeDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? '{"$date":null}' : `{"$date":"${date.toISOString()}"}`
}

function writeBytes(tag: string, bytes: Uint8Array, pen: Pen): string {
  spend(pen, Math.ceil(bytes.byteLength / 3) * 4)
  return `{"${tag}":"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"}`
}

/** Fields added to a Date, Map or Set would be lost. */
function bare<Value extends object>(value: Value, pen: Pen): Value {
  if (Reflect.ownKeys(value).length > 0) throw unfit(pen, `a ${classNameOf(value)} with named fields`)
  return value
}

function spend(pen: Pen, bytes: number): void {
  pen.leftBytes -= bytes
  if (pen.leftBytes < 0) throw tooLarge(pen)
}

function tooLarge(pen: Pen): Unfit {
  return new Unfit(`the payload is larger than ${pen.limitBytes} bytes`)
}

function foreign(value: object, pen: Pen): Unfit {
  return unfit(pen, `an instance of ${classNameOf(value)}; only plain data can be kept`)
}

function unfit(pen: Pen, what: string): Unfit {
  return new Unfit(pen.path.length === 0 ? `the payload itself: ${what}` : `at ${pathText(pen.path)}: ${what}`)
}

function isUnfit(thrown: unknown): boolean {
  try {
    return thrown instanceof Unfit
  } catch {
    return false // a thrown Proxy whose traps throw
  }
}

/** `lines[3].price`; of a long path its two ends. */
function pathText(path: readonly (string | number)[]): string {
  const step = (name: string | number, i: number) => {
    if (typeof name === 'number') return `[${name}]`
    const short = name.length > 60 ? `${name.slice(0, 60)}…` : name
    if (/^[\p{L}_$][\p{L}\p{N}_$-]*…?$/u.test(short)) return i === 0 ? short : `.${short}`
    return `[${JSON.stringify(short)}]`
  }
  if (path.length <= 16) return path.map(step).join('')
  const end = path.slice(-8).map((name) => step(name, 1))
  return `${path.slice(0, 8).map(step).join('')}…${end.join('')}`
}
