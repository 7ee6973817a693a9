import { isUtf8 } from 'node:buffer'
import { badRow, wrongColumns } from './csv-error.ts'
import { type CsvLayout, rowOf } from './csv-layout.ts'
import { csvScan, readRecord } from './csv-record.ts'
import { afterBlankLine, type Cut, withoutLineEnd } from './cut.ts'
import { notUtf8 } from './parse-json.ts'
import type { Entry } from './source.ts'
import { chunkEntriesMax } from './text-reader.ts'
import { byteOfLine, type TextRegion } from './text-region.ts'
import { type Place, rawText, unreadable } from './unreadable-error.ts'

/** Rows of a region in which there are quotes, or bytes that are no UTF-8. */
export function quotedRows(
  layout: CsvLayout,
  region: TextRegion,
  { place, final, rowBytes }: { place: Place; final: boolean; rowBytes: number },
): Cut {
  const { text } = region
  const scan = csvScan(region, { columns: layout.header.length, delimiter: layout.delimiter, final, rowBytes })
  const entries: Entry[] = []
  let { position, line } = place
  const byteAt = () => Math.min(byteOfLine(region, line - place.line, scan.at), region.bytes.length)
  while (scan.at < text.length && entries.length < chunkEntriesMax) {
    const blank = afterBlankLine(text, scan.at)
    if (blank !== undefined) {
      scan.at = blank
      line++
      continue
    }
    const byte = byteAt()
    const here = { position, line, byte: place.byte + byte }
    const outcome = readRecord(scan)
    if (outcome === 'incomplete') break
    if (outcome !== 'read') toNextLine(scan, text)
    line += outcome === 'read' ? scan.lines : 1
    position++
    const bytes = withoutLineEnd(region.bytes.subarray(byte, byteAt()))
    entries.push(
      outcome === 'read'
        ? rowEntry(layout, here, { cells: scan.cells, bytes, region })
        : unreadable(here, badRow(outcome, here.line), rawText(bytes)),
    )
  }
  return { entries, consumedBytes: byteAt(), position, line }
}

interface ReadRow {
  readonly cells: readonly string[]
  readonly bytes: Buffer
  readonly region: TextRegion
}

function rowEntry(layout: CsvLayout, place: Place, { cells, bytes, region }: ReadRow): Entry {
  let text = cells
  if (region.kind === 'latin1') {
    if (!isUtf8(bytes)) return unreadable(place, notUtf8(`line ${place.line}`, place.line), rawText(bytes))
    text = cells.map((cell) => Buffer.from(cell, 'latin1').toString('utf8'))
  }
  if (text.length !== layout.header.length)
    return unreadable(place, wrongColumns(layout.header.length, text.length, place.line), rawText(bytes))
  return { position: place.position, payload: rowOf(layout, text), line: place.line, byte: place.byte }
}

function toNextLine(scan: { at: number }, text: string): void {
  const found = text.indexOf('\n', scan.at)
  scan.at = found === -1 ? text.length : found + 1
}
