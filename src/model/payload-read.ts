import { tags } from './payload-tags.ts'
import { putField } from './plain-object.ts'
import { asSealed } from './sealed.ts'

interface Place {
  readonly value: object
  readonly parent: object
  readonly key: string
  /** The content of `$plain`: an object that only looks like a tag. */
  readonly literal: boolean
}

/**
 * Replaces the tags in a freshly parsed JSON value, in place. Not recursive: a hostile text may nest a million deep.
 * Throws a SyntaxError on a tag whose content is not of its kind.
 */
export function readTags(parsed: unknown): unknown {
  const root = { value: parsed }
  const places = listPlaces(root)
  // Children stand after their parents: from the end, a tag's content is ready before the tag is read.
  for (let i = places.length - 1; i >= 0; i--) {
    const { value, parent, key, literal } = places[i]!
    const tag = literal ? undefined : tagOf(value)
    if (tag === '$hole' && !Array.isArray(parent)) throw strange(tag)
    if (tag !== undefined) putField(parent, key, revive(tag, (value as Record<string, unknown>)[tag]))
    else if (Array.isArray(value)) openHoles(value)
  }
  return root.value
}

function listPlaces(root: { value: unknown }): Place[] {
  const places: Place[] = []
  const add = (parent: object, key: string, literal: boolean) => {
    const value = (parent as Record<string, unknown>)[key]
    if (typeof value === 'object' && value !== null) places.push({ value, parent, key, literal })
  }
  add(root, 'value', false)
  for (let i = 0; i < places.length; i++) {
    const { value, literal } = places[i]!
    const literalChild = !literal && tagOf(value) === '$plain'
    for (const key of Object.keys(value)) add(value, key, literalChild)
  }
  return places
}

function tagOf(value: object): string | undefined {
  if (Array.isArray(value)) return undefined
  const keys = Object.keys(value)
  return keys.length === 1 && tags.has(keys[0]!) ? keys[0] : undefined
}

const hole = Symbol('hole')

function openHoles(list: unknown[]): void {
  for (let i = 0; i < list.length; i++) if (list[i] === hole) delete list[i]
}

const numbers: { readonly [text: string]: number } = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 }

function revive(tag: string, content: unknown): unknown {
  const revived = readers[tag]!(content)
  if (revived === bad) throw strange(tag)
  return revived
}

function strange(tag: string): SyntaxError {
  return new SyntaxError(`the tag ${tag} in a payload's text stands where it can't, or its content is not of its kind`)
}

const bad = Symbol('bad')

const readers: { readonly [tag: string]: (content: unknown) => unknown } = {
  $undefined: (content) => (content === true ? undefined : bad),
  $hole: (content) => (content === true ? hole : bad),
  $plain: (content) => (isObject(content) && !Array.isArray(content) ? content : bad),
  $sealed: (content) => (typeof content === 'string' ? asSealed(content) : bad),
  $bigint: (content) => (typeof content === 'string' && /^-?\d+$/.test(content) ? BigInt(content) : bad),
  $number: (content) => (typeof content === 'string' && Object.hasOwn(numbers, content) ? numbers[content] : bad),
  $bytes: (content) => (isBase64(content) ? new Uint8Array(Buffer.from(content, 'base64')) : bad),
  $buffer: (content) => (isBase64(content) ? Buffer.from(content, 'base64') : bad),
  $set: (content) => (Array.isArray(content) ? new Set(content) : bad),
  $map: (content) => (Array.isArray(content) && content.every(isPair) ? new Map(content) : bad),
  $date: (content) => {
    if (content === null) return new Date(Number.NaN)
    const date = new Date(typeof content === 'string' ? content : Number.NaN)
    return !Number.isNaN(date.getTime()) && date.toISOString() === content ? date : bad
  },
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isPair(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2
}

function isBase64(value: unknown): value is string {
  return typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
}
