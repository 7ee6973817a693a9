import { createSecretKey, type KeyObject } from 'node:crypto'

/** Keys by id; one writes, all read. The keys are opaque objects that no log or inspection shows. */
export interface Keyring {
  /** Id of the key that encrypts. */
  readonly writes: string
  readonly keys: ReadonlyMap<string, KeyObject>
}

/** What `parseKeyring` answers. */
export type ParsedKeyring =
  | { readonly ok: true; readonly keyring: Keyring }
  | { readonly ok: false; readonly why: string }

const keyBytes = 32
const fix = 'Write ID:KEY, the key being 32 bytes in base64; `openssl rand -base64 32` makes one.'

/**
 * Reads `REDRIVE_KEYS`: `ID:BASE64-32-BYTES`, comma-separated; the first writes, all read. An id has 1 to 32 letters,
 * digits, `_`, `-` or `.`. What is wrong is told by the number of the entry and its id, never with key material.
 */
export function parseKeyring(text: string): ParsedKeyring {
  const entries = text.split(',').map((entry) => entry.trim())
  // A comma at the end is no entry.
  if (entries.length > 1 && entries.at(-1) === '') entries.pop()
  const keys = new Map<string, KeyObject>()
  for (const [i, entry] of entries.entries()) {
    const where = `REDRIVE_KEYS: entry ${i + 1} of ${entries.length}`
    if (entry === '') return problem(`${where} is empty. ${fix}`)
    const colon = entry.indexOf(':')
    if (colon < 0) return problem(`${where} has no ':' between id and key. ${fix}`)
    const id = entry.slice(0, colon)
    // Something else before the colon may be a key, or a part of one: it isn't shown.
    if (!/^[A-Za-z0-9_.-]{1,32}$/.test(id))
      return problem(`${where} has an id that is not 1 to 32 letters, digits, '_', '-' or '.'. ${fix}`)
    if (keys.has(id)) return problem(`${where} has the id '${id}' of an earlier entry. Give each key an id of its own.`)
    const key = readKey(entry.slice(colon + 1))
    if (typeof key === 'string') return problem(`${where} (id '${id}') ${key}. ${fix}`)
    keys.set(id, createSecretKey(key))
  }
  return { ok: true, keyring: { writes: keys.keys().next().value!, keys } }
}

function readKey(text: string): Buffer | string {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return 'has a key that is not base64'
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== keyBytes) return `has a key of ${bytes.length} bytes; ${keyBytes} are needed`
  return bytes
}

function problem(why: string): ParsedKeyring {
  return { ok: false, why }
}
