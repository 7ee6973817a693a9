import { copyOf, isContainer, isIndex, joinPlace, mapAt, type Path, stepInto } from './paths.ts'
import { classNameOf, putField } from './plain-object.ts'

/** The changed copy, or why the path can't be set: what, where, and the fix. */
export type SetResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string }

/**
 * An immutable copy with the value put at a path. Creates missing objects; an index changes an element of a list or,
 * if it is the list's length, appends one; `*` sets all elements that are there. An absent or null container becomes an
 * object, but not for an index: whether a list or an object is wanted can't be told.
 */
export function setAt(value: unknown, path: Path, newValue: unknown): SetResult {
  const bad = path.find((step) => ['__proto__', 'constructor', 'prototype'].includes(step))
  if (bad !== undefined) return { ok: false, why: `A path may not name '${bad}'.` }
  if (!isContainer(value))
    return { ok: false, why: `The payload is ${kindOf(value)}: it has no fields. Replace it whole instead.` }
  if (path.length === 0) return { ok: true, value: newValue }
  return path.includes('*') ? setAll(value, path, newValue) : setOne(value, '', { path, from: 0, newValue })
}

interface Setting {
  readonly path: Path
  readonly from: number
  readonly newValue: unknown
}

function setOne(value: unknown, at: string, setting: Setting): SetResult {
  const { path, from, newValue } = setting
  if (from === path.length) return { ok: true, value: newValue }
  const step = path[from]!
  if (value === undefined || value === null) {
    if (isIndex(step))
      return refuse(
        at,
        `is missing, and '${step}' could mean a list or an object. Set '${at}' itself to [] or {} first.`,
      )
    return setField({}, at, { ...setting, key: step, next: from + 1 })
  }
  if (!isContainer(value)) return refuse(at, `is ${kindOf(value)}: it has no field '${step}'. Set '${at}' itself.`)
  if (Array.isArray(value) && !(isIndex(step) && Number(step) <= value.length))
    return refuse(at, `is a list of ${value.length}: '${step}' is none of its indexes 0…${value.length}.`)
  // Of a dotted column and a nested field, the one that is there; the nested one if both are.
  const [key, next] = stepInto(value, setting)[0] ?? [step, from + 1]
  return setField(value, at, { ...setting, key, next })
}

function setField(owner: object, at: string, setting: Setting & { key: string; next: number }): SetResult {
  const { key, next } = setting
  const before = Object.hasOwn(owner, key) ? (owner as Record<string, unknown>)[key] : undefined
  const inner = setOne(before, joinPlace(at, key), { ...setting, from: next })
  if (!inner.ok) return inner
  const copy = copyOf(owner)
  putField(copy, key, inner.value)
  return { ok: true, value: copy }
}

function setAll(value: object, path: Path, newValue: unknown): SetResult {
  // `lines.*.sku` also sets a sku that an element lacks: the elements are found, the rest is set in each.
  const split = path.lastIndexOf('*') + 1
  let count = 0
  let problem: SetResult | undefined
  const changed = mapAt(value, path.slice(0, split), (match, at) => {
    count++
    const one = setOne(match, at, { path: path.slice(split), from: 0, newValue })
    if (one.ok) return one.value
    problem ??= one
    return match
  })
  if (problem) return problem
  if (count > 0) return { ok: true, value: changed }
  return { ok: false, why: `The path '${path.join('.')}' matches nothing: '*' stands for elements that are there.` }
}

function refuse(at: string, why: string): SetResult {
  return { ok: false, why: `'${at}' ${why}` }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return value === undefined ? 'missing' : `a ${typeof value}`
  return `a ${classNameOf(value)}`
}
