import { mapAt, mapLeaves, outermostAt, type Path } from '../model/paths.ts'
import { anySecretMark, secretMark, wholeSecretMark } from './mark.ts'

/** A payload with its secret values masked, and the clear values for masking them elsewhere. */
export interface Masked {
  readonly shown: unknown
  /**
   * The Nth is the clear text of `‹secret:N›` (`''` where there is none to look for: a boolean, bytes); behind those
   * stand the texts inside masked objects. Made to be `known` for `redactText` and `redactValue`.
   */
  readonly secrets: readonly string[]
}

/**
 * Replaces the values at secret paths by `‹secret:1›`, `‹secret:2›`… in the order of the paths, then of the data. Of a
 * value inside another secret value only the outer one counts. Null and undefined stay: they hide nothing.
 */
export function maskPaths(value: unknown, paths: readonly Path[]): Masked {
  const places = secretPlaces(value, paths)
  if (places.size === 0) return { shown: value, secrets: [] }
  const marks = new Map([...places.keys()].map((at, i) => [at, secretMark(i + 1)]))
  let shown = value
  for (const path of paths) shown = mapAt(shown, path, (match, at) => marks.get(at) ?? match)
  const values = [...places.values()]
  return { shown, secrets: [...values.map(textOf), ...values.flatMap(innerTexts)] }
}

/** What `unmaskPaths` answers. */
export type Unmasked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string }

/**
 * An edited copy of what `maskPaths` showed, made clear again: a value left as `‹secret:N›` gets the original's value,
 * what was typed over it stays. A mark may move along with its element of a list. Refused: a mark of no value, inside a
 * longer text, or at no secret path, where the value would be kept in clear.
 */
export function unmaskPaths(edited: unknown, original: unknown, paths: readonly Path[]): Unmasked {
  const values = [...secretPlaces(original, paths).values()]
  const secretAt = new Set<string>()
  for (const path of paths)
    mapAt(edited, path, (match, at) => {
      secretAt.add(at)
      return match
    })
  const literals = markedTexts(original)
  let why: string | undefined
  const value = mapLeaves(edited, (leaf, at) => {
    if (typeof leaf !== 'string' || !anySecretMark.test(leaf)) return leaf
    const number = secretAt.has(at) ? Number(wholeSecretMark.exec(leaf)?.[1] ?? 0) : 0
    if (number >= 1 && number <= values.length) return values[number - 1]
    if (literals.get(at) !== leaf) why ??= explain(leaf, at, secretAt.has(at))
    return leaf
  })
  return why === undefined ? { ok: true, value } : { ok: false, why }
}

function explain(leaf: string, at: string, isSecretPlace: boolean): string {
  const mark = anySecretMark.exec(leaf)?.[0]
  if (!isSecretPlace)
    return `'${at}' holds ${mark}, but is not declared secret: the value would be kept in clear there. Type another value.`
  if (leaf !== mark)
    return `'${at}' holds ${mark} inside a longer text. Leave the mark alone to keep the value, or type the whole value.`
  return `'${at}' holds ${mark}, which stands for no value of this item. Type the value itself.`
}

function secretPlaces(value: unknown, paths: readonly Path[]): Map<string, unknown> {
  const places = outermostAt(value, paths)
  for (const [at, secret] of places) if (secret === null || secret === undefined) places.delete(at)
  return places
}

/** Texts of the payload's own that only look like marks. */
function markedTexts(value: unknown): Map<string, string> {
  const texts = new Map<string, string>()
  mapLeaves(value, (leaf, at) => {
    if (typeof leaf === 'string' && anySecretMark.test(leaf)) texts.set(at, leaf)
    return leaf
  })
  return texts
}

function textOf(secret: unknown): string {
  if (typeof secret === 'string') return secret
  if (typeof secret === 'number' || typeof secret === 'bigint') return String(secret)
  if (secret instanceof Date && !Number.isNaN(secret.getTime())) return secret.toISOString()
  return ''
}

function innerTexts(secret: unknown): string[] {
  const texts: string[] = []
  if (typeof secret === 'object')
    mapLeaves(secret, (leaf, at) => {
      if (at !== '') texts.push(textOf(leaf))
      return leaf
    })
  return texts
}
