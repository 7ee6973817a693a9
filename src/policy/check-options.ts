import { parseDuration } from '../model/duration.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { nearestName } from './nearest-name.ts'

/** A duration option in milliseconds. Throws RD-1101 naming `path` for anything that is no duration. */
export function readDuration(value: unknown, path: string): number {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined
  if (ms !== undefined) return ms
  throw invalid(path, value, {
    expected: 'a length of time',
    fix: `Write ${path} as a number and ms, s, m, h or d without a space: '250ms', '10s', '5m'.`,
  })
}

/** Which numbers an option takes; both ends included. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly isWhole?: boolean
}

/** A number option. Throws RD-1101 naming `path` for anything else, and for what lies out of range. */
export function readNumber(value: unknown, path: string, range: NumberRange): number {
  const isNumber = typeof value === 'number' && value >= range.min && value <= range.max
  if (isNumber && (!range.isWhole || Number.isInteger(value))) return value
  const expected = `a ${range.isWhole ? 'whole number' : 'number'} from ${range.min} to ${range.max}`
  throw invalid(path, value, { expected, fix: `Set ${path} to ${expected}.` })
}

/** An option that is one of `names`. Throws RD-1101 naming `path` and the nearest of them. */
export function readName<Name extends string>(value: unknown, path: string, names: readonly Name[]): Name {
  if (names.includes(value as Name)) return value as Name
  const nearest = typeof value === 'string' ? nearestName(value, names) : undefined
  const list = names.map((name) => `'${name}'`).join(', ')
  throw invalid(path, value, {
    expected: `one of ${list}`,
    fix: nearest ? `Did you mean '${nearest}'?` : `Set ${path} to one of ${list}.`,
  })
}

/**
 * The given fields of an options object, own ones that are not undefined. Throws RD-1101 if it is no plain object and
 * RD-1102, with the nearest name, for a field that is not among `names`.
 */
export function readFields(value: unknown, path: string, names: readonly string[]): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, value, { expected: 'an object', fix: `Write ${path} as { … }; it knows ${names.join(', ')}.` })
  }
  const fields = new Map<string, unknown>()
  for (const [name, field] of Object.entries(value)) {
    if (!names.includes(name)) throw unknownName(path, name, names)
    if (field !== undefined) fields.set(name, field)
  }
  return fields
}

/** RD-1101: what stands at `path` is not what is expected there. */
export function invalid(path: string, value: unknown, said: { expected: string; fix: string }): RedriveError {
  return new RedriveError('RD-1101', { what: `${path} is ${showValue(value)}, not ${said.expected}`, fix: said.fix })
}

function unknownName(path: string, name: string, names: readonly string[]): RedriveError {
  const nearest = nearestName(name, names)
  return new RedriveError('RD-1102', {
    what: `${path}.${name.slice(0, 60)} is not known${nearest ? `: did you mean '${nearest}'?` : ''}`,
    fix: nearest ? `Write ${path}.${nearest}.` : `${path} knows ${names.join(', ')}.`,
  })
}

function showValue(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? `'${value.slice(0, 60)}…'` : `'${value}'`
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`
}
