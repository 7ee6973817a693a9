import { isUtf8 } from 'node:buffer'
import { RedriveError } from '../model/redrive-error.ts'
import type { ByteWindow } from './byte-window.ts'
import { badRow } from './csv-error.ts'
import { checkHeader } from './csv-layout.ts'
import { csvScan, readRecord } from './csv-record.ts'
import { afterBlankLine } from './cut.ts'
import { textRegion } from './text-region.ts'
import { wholeLines } from './whole-lines.ts'

/** Longest header: 1 MiB. */
const headerBytesMax = 1_048_576

/** Cells of a header at most; a region of 1 MiB has no more. */
const headerCellsMax = 1_048_576

/** A header, and the line that comes after it. */
export interface CsvHeader {
  readonly header: readonly string[]
  readonly line: number
}

/** Reads the first row that isn't blank and checks that it can name the cells; rejects with RD-1202. */
export async function readHeader(
  window: ByteWindow,
  { name, delimiter }: { name: string; delimiter: string },
): Promise<CsvHeader> {
  for (;;) {
    const found = tryHeader(window, { name, delimiter })
    if (found) {
      checkHeader(name, found.header)
      return found
    }
    if (window.ended)
      throw new RedriveError('RD-1202', {
        what: `${name} is empty`,
        why: 'The first row must name the columns.',
        fix: 'Write a header row.',
      })
    if (window.length > headerBytesMax)
      throw new RedriveError('RD-1202', {
        what: `${name}: the header row is longer than 1 MiB`,
        fix: 'Is this a CSV file? Check the path.',
      })
    await window.more()
  }
}

function tryHeader(
  window: ByteWindow,
  { name, delimiter }: { name: string; delimiter: string },
): CsvHeader | undefined {
  const count = wholeLines(window, headerBytesMax)
  const region = textRegion(window.buffer.subarray(window.start, window.start + count))
  const scan = csvScan(region, {
    columns: headerCellsMax,
    delimiter,
    final: window.ended && count === window.length,
    rowBytes: headerBytesMax,
  })
  let line = 1
  for (let next = afterBlankLine(region.text, 0); next !== undefined; next = afterBlankLine(region.text, scan.at)) {
    scan.at = next
    line++
  }
  if (scan.at >= region.text.length) return undefined
  const outcome = readRecord(scan)
  if (outcome === 'incomplete') return undefined
  if (outcome !== 'read')
    throw new RedriveError('RD-1202', { what: `${name}: the header cannot be read: ${badRow(outcome, line).message}` })
  // the characters of a region that is no UTF-8 are its bytes
  const text = region.text.slice(0, scan.at)
  const bytes = region.kind === 'latin1' ? Buffer.from(text, 'latin1') : Buffer.from(text)
  if (!isUtf8(bytes))
    throw new RedriveError('RD-1202', {
      what: `${name}: the header is not UTF-8`,
      fix: `Convert the file first: iconv -f WINDOWS-1252 -t UTF-8 ${name}`,
    })
  const header =
    region.kind === 'latin1' ? scan.cells.map((cell) => Buffer.from(cell, 'latin1').toString()) : scan.cells
  window.consume(bytes.length)
  return { header, line: line + scan.lines }
}
