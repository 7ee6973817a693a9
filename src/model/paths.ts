import { isPlainObject, putField } from './plain-object.ts'
import { isSealed } from './sealed.ts'

/** A parsed dotted path. */
export type Path = readonly string[]

/** What `parsePath` answers. */
export type ParsedPath = { readonly ok: true; readonly path: Path } | { readonly ok: false; readonly why: string }

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const stepsMax = 32
const lengthMax = 1_000

/**
 * Parses `card.number` or `lines.*.sku`: names separated by dots, an index for an element of a list, `*` for all
 * elements of a list or all fields of an object. At most 32 steps and 1,000 characters. Refuses `__proto__`,
 * `constructor`, `prototype` anywhere.
 */
export function parsePath(text: string): ParsedPath {
  const refuse = (why: string): ParsedPath => ({ ok: false, why: `The path '${text.slice(0, 100)}' ${why}` })
  if (text === '') return { ok: false, why: "The path is empty. Name a field, as in 'card.number'." }
  if (text.length > lengthMax) return refuse(`is longer than ${lengthMax} characters.`)
  const path = text.split('.')
  if (path.length > stepsMax) return refuse(`has more than ${stepsMax} steps.`)
  if (path.includes('')) return refuse("has an empty step. Put one dot between two names, as in 'card.number'.")
  const bad = path.find((step) => forbidden.has(step))
  if (bad !== undefined) return refuse(`names '${bad}', which no path may. Rename the field in the data.`)
  return { ok: true, path }
}

/** All values that a path matches, in the order of the data. A field whose own name is dotted (`'card.number'`) matches too. */
export function getAt(value: unknown, path: Path): unknown[] {
  const found: unknown[] = []
  mapAt(value, path, (match) => {
    found.push(match)
    return match
  })
  return found
}

/**
 * The value with `fn` applied to all that a path matches; only what lies on the way is copied, and the very same
 * reference comes back if nothing changed. `fn` also gets where it stands, with dots inside a name escaped:
 * `lines.0.sku`. Encrypted values are never entered.
 */
export function mapAt(value: unknown, path: Path, fn: (match: unknown, at: string) => unknown): unknown {
  return mapFrom(value, '', { path, from: 0, fn })
}

/**
 * The values that any of the paths matches, by place, in the order of the paths, then of the data. A match inside
 * another match is left out.
 */
export function outermostAt(value: unknown, paths: readonly Path[]): Map<string, unknown> {
  const places = new Map<string, unknown>()
  for (const path of paths)
    mapAt(value, path, (match, at) => {
      if (!places.has(at)) places.set(at, match)
      return match
    })
  if (paths.length > 1)
    for (const at of [...places.keys()]) if (outerPlaces(at).some((outer) => places.has(outer))) places.delete(at)
  return places
}

/** The value with `fn` applied to all that is no list or plain object; copied as `mapAt` does. Recursive: for what the payload codec lets pass. */
export function mapLeaves(value: unknown, fn: (leaf: unknown, at: string) => unknown, at = ''): unknown {
  if (!isContainer(value)) return fn(value, at)
  let copy: object = value
  for (const key of Object.keys(value)) {
    const before = (value as Record<string, unknown>)[key]
    const after = mapLeaves(before, fn, joinPlace(at, key))
    if (Object.is(before, after)) continue
    if (copy === value) copy = copyOf(value)
    putField(copy, key, after)
  }
  return copy
}

/** Places that a place lies in: of `a.b.c`, `a` and `a.b`; an escaped dot is part of a name. */
function outerPlaces(at: string): string[] {
  return [...at.matchAll(/\\.|\./g)].filter(([dot]) => dot === '.').map(({ index }) => at.slice(0, index))
}

/** The place of a field: `lines.0`, and `a\.b` for a name with a dot in it. */
export function joinPlace(at: string, key: string): string {
  const name = key.replace(/[\\.]/g, '\\$&')
  return at === '' ? name : `${at}.${name}`
}

interface Walk {
  readonly path: Path
  readonly from: number
  readonly fn: (match: unknown, at: string) => unknown
}

function mapFrom(value: unknown, at: string, walk: Walk): unknown {
  if (walk.from === walk.path.length) return walk.fn(value, at)
  if (!isContainer(value)) return value
  let copy: object = value
  for (const [key, from] of stepInto(value, walk)) {
    const before = (value as Record<string, unknown>)[key]
    const after = mapFrom(before, joinPlace(at, key), { ...walk, from })
    if (Object.is(before, after)) continue
    if (copy === value) copy = copyOf(value)
    putField(copy, key, after)
  }
  return copy
}

/** The own fields that the next steps name, each with the step that follows it. */
export function stepInto(value: object, { path, from }: Pick<Walk, 'path' | 'from'>): (readonly [string, number])[] {
  const step = path[from]!
  if (step === '*') return Object.keys(value).map((key) => [key, from + 1] as const)
  if (Array.isArray(value)) return isIndex(step) && Object.hasOwn(value, step) ? [[step, from + 1]] : []
  const found: (readonly [string, number])[] = []
  // A flat row may have a column named 'card.number': a declared secret must not slip through for its dot.
  let name = step
  for (let next = from + 1; next <= path.length; name += `.${path[next]}`, next++)
    if (Object.hasOwn(value, name)) found.push([name, next])
  return found
}

/** Whether a path can lead into the value: a list or a plain object, not an encrypted value. */
export function isContainer(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && (Array.isArray(value) || isPlainObject(value)) && !isSealed(value)
  )
}

/** Whether a step is an index of a list: `0`, `17`, not `01`. */
export function isIndex(step: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(step)
}

/** A shallow copy of a list or plain object. */
export function copyOf(value: object): object {
  return Array.isArray(value) ? value.slice() : { ...value }
}
