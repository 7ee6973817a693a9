import { decodePayload, encodePayload } from '../model/payload-codec.ts'
import type { Entry } from '../source/source.ts'

interface SpoolBody {
  readonly payload?: string
  readonly unreadable?: { readonly name: string; readonly message: string; readonly code?: string }
  readonly raw?: string
  /** Why the payload could not be kept, and a picture of it. */
  readonly lost?: string
  readonly picture?: string
  readonly line?: number
  readonly byte?: number
}

/** An entry as the spool keeps it: enough to give it again. */
export function spoolBody(entry: Entry): string {
  const place = { line: entry.line, byte: entry.byte }
  if (entry.unreadable) {
    const { error, raw } = entry.unreadable
    const { code } = error as Error & { code?: string }
    return JSON.stringify({ unreadable: { name: error.name, message: error.message, code }, raw, ...place })
  }
  const encoded = encodePayload(entry.payload)
  // What can't be kept still runs now; after a crash its place says why it is gone.
  return JSON.stringify(
    encoded.ok ? { payload: encoded.text, ...place } : { lost: encoded.why, picture: encoded.picture, ...place },
  )
}

/** The entry that was spooled at a position. */
export function unspool(position: number, body: string): Entry {
  const kept = JSON.parse(body) as SpoolBody
  const place = {
    position,
    ...(kept.line !== undefined && { line: kept.line }),
    ...(kept.byte !== undefined && { byte: kept.byte }),
  }
  if (kept.unreadable) {
    const { name, message, code } = kept.unreadable
    return {
      ...place,
      payload: null,
      unreadable: { error: Object.assign(new Error(message), { name, ...(code && { code }) }), raw: kept.raw ?? '' },
    }
  }
  if (kept.lost !== undefined) {
    const error = Object.assign(new Error(`the item could not be kept over the restart: ${kept.lost}`), {
      code: 'RD-1602',
    })
    return { ...place, payload: null, unreadable: { error, raw: kept.picture ?? '' } }
  }
  return { ...place, payload: decodePayload(kept.payload!) }
}
