import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { mapAt, mapLeaves, outermostAt, type Path } from '../model/paths.ts'
import { decodePayload, encodePayload } from '../model/payload-codec.ts'
import { asSealed, isSealed } from '../model/sealed.ts'
import type { Keyring } from './keyring.ts'

const ivBytes = 12
const tagBytes = 16
const record = /^1:([A-Za-z0-9_.-]{1,32}):([A-Za-z0-9_-]+)$/

/**
 * The text encrypted with the keyring's first key: `1:KEY-ID:` and base64url of initialisation vector (12 random
 * bytes), tag and AES-256-GCM cipher text. Opens only under the same context, e.g. `b_1:17:card.number`, so that a
 * record can't be moved to another item or field. Safe for 2^32 records per key (NIST SP 800-38D §8.3).
 */
export function seal(keyring: Keyring, text: string, context: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyring.keys.get(keyring.writes) as KeyObject, iv)
  cipher.setAAD(boundTo(keyring.writes, context))
  const body = Buffer.concat([cipher.update(toBytes(text)), cipher.final()])
  return `1:${keyring.writes}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
}

/** The clear text of a record. Throws a `SealError`: unknown key (names its id), tampered or moved, malformed. */
export function open(keyring: Keyring, sealed: string, context: string): string {
  const [, keyId, body] = record.exec(sealed) ?? []
  const bytes = Buffer.from(body ?? '', 'base64url')
  if (keyId === undefined || bytes.length <= ivBytes + tagBytes)
    throw new SealError(
      'malformed',
      'An encrypted value in the store is no record of redrive: the row was damaged or written by something else.',
    )
  const key = keyring.keys.get(keyId)
  if (!key)
    throw new SealError(
      'unknown-key',
      `A value is encrypted with key '${keyId}', which REDRIVE_KEYS lacks. Add it behind the key that writes.`,
      keyId,
    )
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAAD(boundTo(keyId, context))
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
  try {
    return fromBytes(Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]))
  } catch {
    throw new SealError(
      'tampered',
      `A value encrypted with key '${keyId}' does not open at ${context}: it was changed or moved, or REDRIVE_KEYS holds another key under that id.`,
      keyId,
    )
  }
}

/**
 * The value with what stands at secret paths encrypted, each bound to the context and its own place. In the payload
 * codec's text it is `{ "$sealed": "…" }`; a user's own object of that shape stays apart. Throws a `SealError`
 * (`unfit`) if a value doesn't fit the codec: encode the whole payload first to learn where.
 */
export function sealPaths(value: unknown, paths: readonly Path[], keyring: Keyring, context: string): unknown {
  const places = outermostAt(value, paths)
  if (places.size === 0) return value
  const sealOne = (match: unknown, at: string) => {
    if (!places.has(at) || isSealed(match)) return match
    const encoded = encodePayload(match)
    if (!encoded.ok) throw new SealError('unfit', `The secret field '${at}' can't be kept: ${encoded.why}`)
    return asSealed(seal(keyring, encoded.text, placed(context, at)))
  }
  let sealed = value
  for (const path of paths) sealed = mapAt(sealed, path, sealOne)
  return sealed
}

/** The value with all that `sealPaths` encrypted made clear, under the same context. Throws a `SealError`. */
export function openPaths(value: unknown, keyring: Keyring, context: string): unknown {
  return mapLeaves(value, (leaf, at) =>
    isSealed(leaf) ? decodePayload(open(keyring, leaf.$sealed, placed(context, at))) : leaf,
  )
}

/** Whether anything in the value is encrypted. */
export function hasSealed(value: unknown): boolean {
  let found = false
  mapLeaves(value, (leaf) => {
    found ||= isSealed(leaf)
    return leaf
  })
  return found
}

function placed(context: string, at: string): string {
  return at === '' ? context : `${context}:${at}`
}

function boundTo(keyId: string, context: string): Buffer {
  return Buffer.from(`redrive:1:${keyId}:${context}`)
}

// The first byte says how the rest is written: UTF-8 would not give lone surrogates back.
const utf8 = 0
const utf16 = 1

function toBytes(text: string): Buffer {
  const isUtf8 = text.isWellFormed()
  return Buffer.concat([Buffer.from([isUtf8 ? utf8 : utf16]), Buffer.from(text, isUtf8 ? 'utf8' : 'utf16le')])
}

function fromBytes(bytes: Buffer): string {
  return bytes.subarray(1).toString(bytes[0] === utf8 ? 'utf8' : 'utf16le')
}

/** Why a value could not be sealed or opened. `keyId` is the key that the record names. */
export class SealError extends Error {
  readonly reason: 'unknown-key' | 'tampered' | 'malformed' | 'unfit'
  readonly keyId: string | undefined
  constructor(reason: SealError['reason'], message: string, keyId?: string) {
    super(message)
    this.name = 'SealError'
    this.reason = reason
    this.keyId = keyId
  }
}
