import { isUtf8 } from 'node:buffer'
import type { ByteWindow } from './byte-window.ts'
import { notUtf8, parseJson, tooLong } from './parse-json.ts'
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

  function cut(region: TextRegion, offset: number): { entries: Entry[]; consumed: number } {
    const { text } = region
    const entries: Entry[] = []
    const firstLine = line
    let at = 0
    while (at < text.length && entries.length < chunkEntriesMax) {
      const found = text.indexOf('\n', at)
      const end = found === -1 ? text.length : found
      if (!isBlank(text, at, end)) {
        const byte = offset + byteOfLine(region, line - firstLine, at)
        const place = { position: position++, line, byte }
        const endByte =
          region.kind === 'utf8' ? (region.lineStarts[line - firstLine + 1] ?? region.bytes.length + 1) - 1 : end
        entries.push(
          region.kind === 'latin1' || endByte - (byte - offset) > rowBytes
            ? carefully(place, region.bytes.subarray(byte - offset, endByte), rowBytes)
            : entryOf(place, text.slice(at, end)),
        )
      }
      line++
      at = end + 1
    }
    return { entries, consumed: Math.min(byteOfLine(region, line - firstLine, at), region.bytes.length) }
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
      const { entries, consumed } = cut(
        textRegion(window.buffer.subarray(window.start, window.start + count)),
        window.offset,
      )
      window.consume(consumed)
      return entries
    },
  }
}

function entryOf(place: Place, text: string): Entry {
  const parsed = parseJson(text, `line ${place.line}`, place.line)
  if ('error' in parsed) return unreadable(place, parsed.error, rawText(Buffer.from(withoutReturn(text))))
  return { position: place.position, payload: parsed.payload, line: place.line, byte: place.byte }
}

/** A line of bytes of which some may be no UTF-8, or too many. */
function carefully(place: Place, bytes: Buffer, rowBytes: number): Entry {
  const where = `line ${place.line}`
  if (bytes.length > rowBytes) return unreadable(place, tooLong(where, place.line), rawText(bytes))
  if (!isUtf8(bytes)) return unreadable(place, notUtf8(where, place.line), withoutReturn(rawText(bytes)))
  return entryOf(place, bytes.toString('utf8'))
}

function isBlank(text: string, from: number, to: number): boolean {
  return from === to || (text.charCodeAt(from) <= 32 && text.slice(from, to).trim() === '')
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
