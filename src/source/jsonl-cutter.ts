import { isUtf8 } from 'node:buffer'
import type { ByteWindow } from './byte-window.ts'
import { type Cut, withoutLineEnd } from './cut.ts'
import { notJson, notUtf8, tooLong } from './parse-json.ts'
import type { Entry } from './source.ts'
import { type Cutter, chunkEntriesMax, rowBytesMax } from './text-reader.ts'
import { byteOfLine, regionBytes, type TextRegion, textRegion } from './text-region.ts'
import { type Place, rawText, unreadable } from './unreadable-error.ts'
import { skipLine, wholeLines } from './whole-lines.ts'

/** Cuts lines of JSON; blank lines are passed over. `rowBytes`: longest line. */
export function jsonlCutter({ position, line }: Place, rowBytes: number = rowBytesMax): Cutter {
  let skipping = false
  // bytes at hand that are known to hold no line's end: a long line isn't searched again with each block
  let seen = 0

  function startSkipping(window: ByteWindow): Entry[] {
    const bytes = window.buffer.subarray(window.start, window.end)
    const place = { position: position++, line: line++, byte: window.offset }
    skipping = true
    seen = 0
    const entry = unreadable(place, tooLong(`line ${place.line}`, place.line), rawText(bytes))
    window.consume(window.length)
    return [entry]
  }

  return {
    state: undefined,
    take(window) {
      if (skipping) skipping = !skipLine(window)
      const count = skipping ? 0 : wholeLines(window, regionBytes, seen)
      if (count === 0) {
        seen = window.length
        return seen > rowBytes ? startSkipping(window) : []
      }
      seen = 0
      const region = textRegion(window.buffer.subarray(window.start, window.start + count))
      const cut = cutLines(region, { position, line, byte: window.offset }, rowBytes)
      position = cut.position
      line = cut.line
      window.consume(cut.consumedBytes)
      return cut.entries
    },
  }
}

function cutLines(region: TextRegion, place: Place, rowBytes: number): Cut {
  const { text, bytes } = region
  // only a line of several regions' length can be above the limit, and it is alone in its region
  const isPlain = region.kind !== 'latin1' && bytes.length <= rowBytes
  const entries: Entry[] = []
  let { position, line } = place
  let at = 0
  while (at < text.length && entries.length < chunkEntriesMax) {
    const found = text.indexOf('\n', at)
    const end = found === -1 ? text.length : found
    if (!isBlank(text, at, end)) {
      const byte = byteOfLine(region, line - place.line, at)
      const here = { position, line, byte: place.byte + byte }
      if (isPlain) entries.push(entryOf(here, text.slice(at, end)))
      else
        entries.push(
          carefully(
            here,
            withoutLineEnd(bytes.subarray(byte, byteOfLine(region, line - place.line + 1, end + 1))),
            rowBytes,
          ),
        )
      position++
    }
    line++
    at = end + 1
  }
  const consumedBytes = Math.min(byteOfLine(region, line - place.line, at), bytes.length)
  return { entries, consumedBytes, position, line }
}

function entryOf({ position, line, byte }: Place, text: string): Entry {
  try {
    return { position, payload: JSON.parse(text), line, byte }
  } catch (cause) {
    const bytes = withoutLineEnd(Buffer.from(text))
    return unreadable({ position, line, byte }, notJson(`line ${line}`, { line, cause }), rawText(bytes))
  }
}

/** A line of bytes of which some may be no UTF-8, or too many. */
function carefully(place: Place, bytes: Buffer, rowBytes: number): Entry {
  const where = `line ${place.line}`
  if (bytes.length > rowBytes) return unreadable(place, tooLong(where, place.line), rawText(bytes))
  if (!isUtf8(bytes)) return unreadable(place, notUtf8(where, place.line), rawText(bytes))
  return entryOf(place, bytes.toString('utf8'))
}

function isBlank(text: string, from: number, to: number): boolean {
  return from === to || (text.charCodeAt(from) <= 32 && text.slice(from, to).trim() === '')
}
