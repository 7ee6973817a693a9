import type { CsvOutcome } from './csv-record.ts'
import { tooLong } from './parse-json.ts'
import { type UnreadableCode, UnreadableError } from './unreadable-error.ts'

/** Why a row with too many or too few cells can't be read. */
export function wrongColumns(expected: number, found: number, line?: number): UnreadableError {
  const where = line === undefined ? 'the row' : `line ${line}`
  const cells = (count: number) => `${count} ${count === 1 ? 'cell' : 'cells'}`
  return new UnreadableError('CSV_COLUMNS', `${where} has ${cells(found)}; the header has ${cells(expected)}`, { line })
}

/** Why a record can't be read. */
export function badRow(code: UnreadableCode, line?: number): UnreadableError {
  const where = line === undefined ? 'the row' : `line ${line}`
  if (code === 'ROW_TOO_LONG') return tooLong(where, line)
  const why: { [Code in CsvOutcome]?: string } = {
    CSV_QUOTE_NOT_CLOSED: 'a quote opens that is not closed within 1 MiB, or by the end',
    CSV_INVALID_CLOSING_QUOTE: 'text stands between a closing quote and the next delimiter',
    CSV_COLUMNS: 'a quote opens a row over several lines that has far too many cells',
  }
  return new UnreadableError(code, `${where}: ${why[code] ?? 'the row cannot be read'}`, { line })
}
