import { pictureOf } from './payload-picture.ts'
import { readTags } from './payload-read.ts'
import { scanPayload } from './payload-scan.ts'
import { Unfit, writeTagged } from './payload-write.ts'

/** A payload as text, or why it doesn't fit, with a bounded picture (JSON text of at most 4 KiB) of what it is. */
export type Encoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string; readonly picture: string }

/** Largest payload text, in UTF-8 bytes, unless said otherwise: 16 MiB. */
export const payloadLimitBytes = 16 * 1024 * 1024

/**
 * JSON text of a payload, with tags for what JSON lacks: Date, bigint, Uint8Array and Buffer, Map, Set, undefined,
 * holes of a list, NaN, ±Infinity, -0 (see payload-tags.ts). `decodePayload` gives it back without loss, but for:
 * identity of shared references, the absence of a prototype, fields that aren't enumerable.
 * Never throws: what doesn't fit answers why and where, e.g. `at lines[3].price: a function`. The picture is as clear
 * as the value: mask secret paths before. Plain data is read twice (once to see that it is plain), anything else once.
 */
export function encodePayload(value: unknown, options?: { readonly limitBytes?: number }): Encoded {
  const limitBytes = options?.limitBytes ?? payloadLimitBytes
  try {
    const kind = kindOf(value, limitBytes)
    if (kind === 'large') return tooLarge(value, limitBytes)
    const text = kind === 'plain' ? JSON.stringify(value) : writeTagged(value, limitBytes)
    return fits(text, limitBytes) ? { ok: true, text } : tooLarge(value, limitBytes)
  } catch (thrown) {
    return unfit(thrown instanceof Unfit ? thrown.why : 'the payload is nested too deep to be read', value)
  }
}

/**
 * The payload of a text that `encodePayload` made, or of any JSON text. Throws a SyntaxError on what is no JSON and on
 * a tag whose content is not of its kind. Never sets a prototype: a field named `__proto__` is a field.
 */
export function decodePayload(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // A tag begins as "$… in the text: without that there is nothing to do (an escape like \u0024 we never write).
  return text.includes('"$') || text.includes('\\u0024') ? readTags(value) : value
}

function kindOf(value: unknown, limitBytes: number): 'plain' | 'large' | 'other' {
  try {
    return scanPayload(value, limitBytes)
  } catch {
    return 'other' // the writer meets the same trap or getter, and says where
  }
}

function fits(text: string, limitBytes: number): boolean {
  if (text.length > limitBytes) return false
  return text.length * 3 <= limitBytes || Buffer.byteLength(text) <= limitBytes
}

function tooLarge(value: unknown, limitBytes: number): Encoded {
  return unfit(`the payload is larger than ${limitBytes} bytes`, value)
}

function unfit(why: string, value: unknown): Encoded {
  return { ok: false, why, picture: pictureOf(value) }
}
