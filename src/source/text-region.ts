import { isAscii, isUtf8 } from 'node:buffer'

/** Whole lines, decoded at once; so many bytes at a time that no kept cell holds more than this alive. */
export const regionBytes = 65_536

/** Whole lines of a source as text. */
export interface TextRegion {
  readonly bytes: Buffer
  readonly text: string
  /** `latin1`: some byte is no UTF-8; each row has to be looked at. In the first and the last a character is a byte. */
  readonly kind: 'ascii' | 'utf8' | 'latin1'
  /** Of `utf8` only: the byte at which each line starts, and the end. */
  readonly lineStarts: readonly number[]
}

/** Decodes whole lines; no UTF-8 character is cut since none contains the byte of a line's end. */
export function textRegion(bytes: Buffer): TextRegion {
  if (isAscii(bytes)) return { bytes, text: bytes.toString('latin1'), kind: 'ascii', lineStarts: [] }
  if (!isUtf8(bytes)) return { bytes, text: bytes.toString('latin1'), kind: 'latin1', lineStarts: [] }
  return { bytes, text: bytes.toString('utf8'), kind: 'utf8', lineStarts: lineStarts(bytes) }
}

/** The byte of a line's start, of which the index among the region's lines and among its characters is known. */
export function byteOfLine(region: TextRegion, line: number, character: number): number {
  return region.kind === 'utf8' ? (region.lineStarts[line] ?? region.bytes.length) : character
}

/** Whether the text from one character to another is more than `limit` bytes. */
export function isLonger({ text, kind }: TextRegion, from: number, to: number, limit: number): boolean {
  // no character of UTF-16 is more than three bytes
  if ((to - from) * 3 <= limit) return false
  if (kind !== 'utf8' || to - from > limit) return to - from > limit
  return Buffer.byteLength(text.slice(from, to)) > limit
}

function lineStarts(bytes: Buffer): number[] {
  const starts = [0]
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) starts.push(at + 1)
  return starts
}
