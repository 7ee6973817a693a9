import { badRow, wrongColumns } from './csv-error.ts'
import { type CsvLayout, rowOf } from './csv-layout.ts'
import { csvScan, readRecord } from './csv-record.ts'
import { afterBlankLine } from './cut.ts'
import { rowBytesMax } from './text-reader.ts'
import { textRegion } from './text-region.ts'
import { UnreadableError } from './unreadable-error.ts'

/** Reads a repaired text as one row of the file that it came from. Never throws. */
export function readCsvRow(raw: string, layout: CsvLayout): { readonly payload: unknown } | { readonly error: Error } {
  const region = textRegion(Buffer.from(raw))
  const scan = csvScan(region, {
    columns: layout.header.length,
    delimiter: layout.delimiter,
    final: true,
    rowBytes: rowBytesMax,
  })
  toText()
  if (scan.at >= region.text.length)
    return { error: new UnreadableError('CSV_NOT_ONE_ROW', 'the text is empty; one row is expected') }
  const outcome = readRecord(scan)
  if (outcome !== 'read') return { error: badRow(outcome === 'incomplete' ? 'CSV_QUOTE_NOT_CLOSED' : outcome) }
  toText()
  if (scan.at < region.text.length)
    return { error: new UnreadableError('CSV_NOT_ONE_ROW', 'the text is more than one row') }
  if (scan.cells.length !== layout.header.length)
    return { error: wrongColumns(layout.header.length, scan.cells.length) }
  return { payload: rowOf(layout, scan.cells) }

  function toText(): void {
    for (
      let next = afterBlankLine(region.text, scan.at);
      next !== undefined;
      next = afterBlankLine(region.text, scan.at)
    )
      scan.at = next
  }
}
