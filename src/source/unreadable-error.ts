import { isUtf8 } from 'node:buffer'
import type { Entry } from './source.ts'

/** Longest text that is kept of a row that can't be read: 64 KiB. */
export const rawBytesMax = 65_536

/** Why a row can't be read. */
export type UnreadableCode =
  | 'CSV_COLUMNS'
  | 'CSV_QUOTE_NOT_CLOSED'
  | 'CSV_INVALID_CLOSING_QUOTE'
  | 'CSV_NOT_ONE_ROW'
  | 'JSON_INVALID'
  | 'JSON_BROKEN_OFF'
  | 'ROW_TOO_LONG'
  | 'TEXT_NOT_UTF8'

/** A row that can't be read: `code` says why, `line` counts from 1 with the header. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
  readonly code: UnreadableCode
  readonly line: number | undefined

  constructor(code: UnreadableCode, message: string, at?: { line?: number | undefined; cause?: unknown }) {
    super(message, at?.cause === undefined ? {} : { cause: at.cause })
    this.code = code
    this.line = at?.line
  }
}

/** Where an entry stands. */
export interface Place {
  readonly position: number
  readonly line: number
  readonly byte: number
}

/** The entry of a row that can't be read. */
export function unreadable(place: Place, error: Error, raw: string): Entry {
  return { position: place.position, payload: null, line: place.line, byte: place.byte, unreadable: { error, raw } }
}

/** The text of a bad row, at most 64 KiB: UTF-8, or Latin-1 (byte by byte, nothing lost) where it is no UTF-8. */
export function rawText(bytes: Buffer): string {
  const cut = bytes.length > rawBytesMax ? bytes.subarray(0, wholeCharacters(bytes, rawBytesMax)) : bytes
  return cut.toString(isUtf8(cut) ? 'utf8' : 'latin1')
}

/** The biggest length up to `length` that doesn't split a UTF-8 character. */
function wholeCharacters(bytes: Buffer, length: number): number {
  for (let end = length; end > length - 4 && end > 0; end--) if ((bytes[end]! & 0xc0) !== 0x80) return end
  return length
}
