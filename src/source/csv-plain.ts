import { wrongColumns } from './csv-error.ts'
import type { CsvLayout, Row } from './csv-layout.ts'
import type { Cut } from './cut.ts'
import type { Entry } from './source.ts'
import { chunkEntriesMax } from './text-reader.ts'
import { byteOfLine, type TextRegion } from './text-region.ts'
import { type Place, rawText, unreadable } from './unreadable-error.ts'

const none = Number.MAX_SAFE_INTEGER

/** Rows of a region without quotes: the fast path, on which a row costs two searches and a copy per cell. */
export function plainRows({ header, delimiter }: CsvLayout, region: TextRegion, place: Place): Cut {
  const { text } = region
  const last = header.length - 1
  const entries: Entry[] = []
  let { position, line } = place
  let at = 0
  let comma = indexFrom(text, delimiter, 0)
  while (at < text.length && entries.length < chunkEntriesMax) {
    const newline = indexFrom(text, '\n', at)
    const lineEnd = newline === none ? text.length : newline
    const end = lineEnd > at && text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd
    if (end > at) {
      const byte = place.byte + byteOfLine(region, line - place.line, at)
      const row: Row = {}
      let cell = at
      let column = 0
      while (comma < end && column < last) {
        row[header[column]!] = text.slice(cell, comma)
        column++
        cell = comma + 1
        comma = indexFrom(text, delimiter, cell)
      }
      if (column === last && comma >= end) {
        row[header[last]!] = text.slice(cell, end)
        entries.push({ position, payload: row, line, byte })
      } else {
        const found = text.slice(at, end).split(delimiter).length
        entries.push(
          unreadable(
            { position, line, byte },
            wrongColumns(header.length, found, line),
            rawText(Buffer.from(text.slice(at, end))),
          ),
        )
        if (comma < end) comma = indexFrom(text, delimiter, end)
      }
      position++
    }
    line++
    at = lineEnd + 1
  }
  const consumedBytes = Math.min(byteOfLine(region, line - place.line, at), region.bytes.length)
  return { entries, consumedBytes, position, line }
}

function indexFrom(text: string, what: string, at: number): number {
  const found = text.indexOf(what, at)
  return found === -1 ? none : found
}
