import { tags } from './payload-tags.ts'
import { isPlainObject } from './plain-object.ts'

/** Deepest nesting that is kept. */
export const depthMax = 1_000

/**
 * `plain` if `JSON.stringify` alone keeps the value without loss: no tag, no escape, nothing that doesn't fit.
 * `large` if its text would surely pass the limit, which also ends a walk over shared references that would unfold
 * without end. Else `other`. May throw what a getter throws.
 */
export function scanPayload(value: unknown, limitBytes: number): 'plain' | 'large' | 'other' {
  const allowance = { leftBytes: limitBytes }
  if (scan(value, 0, allowance)) return 'plain'
  return allowance.leftBytes < 0 ? 'large' : 'other'
}

// A lower bound of the text is spent on the way; when it is used up the scan ends as if something didn't fit.
function scan(value: unknown, depth: number, allowance: { leftBytes: number }): boolean {
  if (typeof value === 'string') return spend(allowance, value.length + 2)
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) && spend(allowance, 1)
  if (typeof value === 'boolean' || value === null) return spend(allowance, 4)
  if (typeof value !== 'object' || depth >= depthMax || !spend(allowance, 2)) return false
  return Array.isArray(value) ? scanList(value, depth, allowance) : scanObject(value, depth, allowance)
}

function scanList(list: readonly unknown[], depth: number, allowance: { leftBytes: number }): boolean {
  if (Object.getPrototypeOf(list) !== Array.prototype) return false
  for (let i = 0; i < list.length; i++) if (!scan(list[i], depth + 1, allowance)) return false
  // Named fields on a list (as a regular expression's match has) would be lost; holes ended the loop as undefined.
  return ownNames(list) === list.length
}

function scanObject(value: object, depth: number, allowance: { leftBytes: number }): boolean {
  if (!isPlainObject(value)) return false
  const keys = Object.keys(value)
  if (keys.length === 1 && tags.has(keys[0]!)) return false
  if (Object.getOwnPropertySymbols(value).length > 0) return false
  for (const key of keys) {
    if (!spend(allowance, key.length + 3)) return false
    if (!scan((value as Record<string, unknown>)[key], depth + 1, allowance)) return false
  }
  return true
}

function ownNames(list: readonly unknown[]): number {
  return Object.keys(list).length + Object.getOwnPropertySymbols(list).length
}

function spend(allowance: { leftBytes: number }, bytes: number): boolean {
  allowance.leftBytes -= bytes
  return allowance.leftBytes >= 0
}
