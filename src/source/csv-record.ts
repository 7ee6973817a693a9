import { isLonger, type TextRegion } from './text-region.ts'
import type { UnreadableCode } from './unreadable-error.ts'

/** Longest quoted cell: 1 MiB. A quote that isn't closed within it makes its row's first line unreadable. */
export const quotedBytesMax = 1_048_576

/** A region being read, record by record. */
export interface CsvScan {
  readonly region: TextRegion
  readonly delimiter: string
  readonly delimiterCode: number
  /** Nothing comes after the region. */
  readonly final: boolean
  readonly rowBytes: number
  /** Cells of a record over several lines: beyond them it is taken for a stray quote, so that no text makes each line a search of megabytes. */
  readonly cellsMax: number
  /** Where the next record starts. */
  at: number
  /** Cells of the last record. */
  cells: string[]
  /** Lines that the last record spans. */
  lines: number
  /** The first delimiter and line's end at or after the point last asked for: each is searched once. */
  comma: number
  newline: number
}

/** What became of a record: read (`at` is after it), `incomplete` (the region ends inside it; `at` is unchanged), or why it is bad (`at` is unchanged). */
export type CsvOutcome = 'read' | 'incomplete' | UnreadableCode

const quoteCode = 34
const cellsBeyondColumns = 16
const none = Number.MAX_SAFE_INTEGER

/** A scan from the region's start. `columns`: cells of a good record. */
export function csvScan(
  region: TextRegion,
  options: Pick<CsvScan, 'delimiter' | 'final' | 'rowBytes'> & { readonly columns: number },
): CsvScan {
  const { delimiter, final, rowBytes, columns } = options
  const limits = { final, rowBytes, cellsMax: columns + cellsBeyondColumns }
  const delimiterCode = delimiter.charCodeAt(0)
  return { region, delimiter, delimiterCode, ...limits, at: 0, cells: [], lines: 1, comma: -1, newline: -1 }
}

/** Reads one record by RFC 4180: quotes, doubled quotes, line ends inside quotes; LF and CRLF end a record. */
export function readRecord(scan: CsvScan): CsvOutcome {
  const { text } = scan.region
  const start = scan.at
  const cells: string[] = []
  let lines = 1
  let at = start
  for (;;) {
    if (text.charCodeAt(at) !== quoteCode) {
      const end = unquotedEnd(scan, at)
      cells.push(text.slice(at, end))
      at = end
    } else {
      const close = closingQuote(scan, at)
      if (typeof close !== 'number') return close
      const cell = text.slice(at + 1, close)
      cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell)
      if (scan.newline <= close) lines += countLines(cell)
      at = close + 1
    }
    if (isLonger(scan.region, start, at, scan.rowBytes)) return 'ROW_TOO_LONG'
    if (lines > 1 && cells.length > scan.cellsMax) return 'CSV_COLUMNS'
    if (text.charCodeAt(at) === scan.delimiterCode) {
      at++
      continue
    }
    const next = afterLineEnd(scan, at)
    if (next === undefined) return 'CSV_INVALID_CLOSING_QUOTE'
    scan.at = next
    scan.cells = cells
    scan.lines = lines
    return 'read'
  }
}

/** End of an unquoted cell. A quote inside it is data: 37°36'37.8"N. */
function unquotedEnd(scan: CsvScan, at: number): number {
  const { text } = scan.region
  if (scan.comma < at) scan.comma = search(text, scan.delimiter, at)
  if (scan.newline < at) scan.newline = search(text, '\n', at)
  if (scan.comma < scan.newline) return scan.comma
  const end = Math.min(scan.newline, text.length)
  return end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end
}

function search(text: string, what: string, at: number): number {
  const found = text.indexOf(what, at)
  return found === -1 ? none : found
}

function closingQuote(scan: CsvScan, open: number): number | 'incomplete' | 'CSV_QUOTE_NOT_CLOSED' {
  const { text } = scan.region
  let close = text.indexOf('"', open + 1)
  while (close !== -1 && text.charCodeAt(close + 1) === quoteCode) close = text.indexOf('"', close + 2)
  const end = close === -1 ? text.length : close
  if (isLonger(scan.region, open, end, quotedBytesMax)) return 'CSV_QUOTE_NOT_CLOSED'
  if (close !== -1) return close
  return scan.final ? 'CSV_QUOTE_NOT_CLOSED' : 'incomplete'
}

/** Where the next record starts if a line's end, or that of the text, is at `at`. A CR at the very end belongs to the line's end. */
function afterLineEnd({ region: { text } }: CsvScan, at: number): number | undefined {
  if (at >= text.length) return text.length
  const code = text.charCodeAt(at)
  if (code === 10) return at + 1
  if (code !== 13) return undefined
  if (at + 1 === text.length) return at + 1
  return text.charCodeAt(at + 1) === 10 ? at + 2 : undefined
}

function countLines(cell: string): number {
  let count = 0
  for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) count++
  return count
}
