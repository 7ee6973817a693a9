import type { PayloadVersion } from '../model/letter.ts'
import { decodePayload } from '../model/payload-codec.ts'

/** The redacted copy of a payload as plain JSON; null when there is none but raw text. */
export function payloadJson(version: Pick<PayloadVersion, 'body' | 'shown'> | undefined): unknown {
  const text = version?.shown ?? version?.body ?? undefined
  return text === undefined || text === null ? null : plainJson(decodePayload(text))
}

/** What JSON lacks, as people read it: dates as ISO text, big integers as digits, bytes as base64, maps and sets as lists. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value === undefined) return null
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (value instanceof Map) return [...value].map(([key, entry]) => [plainJson(key), plainJson(entry)])
  if (value instanceof Set) return [...value].map(plainJson)
  if (Array.isArray(value)) return Array.from(value, plainJson)
  const plain: { [field: string]: unknown } = {}
  for (const [field, entry] of Object.entries(value)) {
    // Not by assignment: a field named __proto__ is a field.
    Object.defineProperty(plain, field, {
      value: plainJson(entry),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return plain
}
