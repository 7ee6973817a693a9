import type { Colours } from '../report/colours.ts'
import { markdownTable } from '../report/report-markdown.ts'
import { terminalText } from '../report/terminal-text.ts'
import { csvLine } from './csv-line.ts'
import { cellText, fieldOf, pickFields } from './field-of.ts'
import type { Format } from './global-options.ts'
import { jsonText } from './json-text.ts'
import type { Column, ListShape } from './list-shape.ts'
import { createTable } from './table.ts'

/** Text of the next rows of a list; a head comes with the first. */
export type ListWriter<Row> = (rows: readonly Row[]) => string

interface Style {
  /** Names after `--fields`. */
  readonly fields: readonly string[] | undefined
  readonly colours: Colours
  /** Of the terminal; undefined if there is none. */
  readonly columns: number | undefined
}

/** How a list is written in a format. */
export function listWriter<Row extends object>(format: Format, shape: ListShape<Row>, style: Style): ListWriter<Row> {
  const { fields } = style
  const columns: readonly Column<Row>[] =
    fields?.map((name) => ({ head: name, cell: (row: Row) => cellText(fieldOf(row, name)) })) ?? shape.columns
  switch (format) {
    case 'json':
    case 'ndjson':
      return (rows) => rows.map((row) => `${jsonText(fields ? pickFields(row, fields) : row)}\n`).join('')
    case 'csv':
      return csvWriter(fields ?? shape.fields, style.columns !== undefined)
    case 'md':
      return markdownWriter(columns)
    case 'text':
      return createTable(columns, style)
  }
}

/** On a terminal control characters are shown; in a file the data is left as it is. */
function csvWriter<Row extends object>(names: readonly string[], toTerminal: boolean): ListWriter<Row> {
  const clean = toTerminal ? terminalText : undefined
  let begun = false
  return (rows) => {
    if (rows.length === 0) return ''
    const lines = rows.map((row) =>
      csvLine(
        names.map((name) => fieldOf(row, name)),
        clean,
      ),
    )
    if (!begun) lines.unshift(csvLine(names))
    begun = true
    return lines.join('')
  }
}

function markdownWriter<Row>(columns: readonly Column<Row>[]): ListWriter<Row> {
  const heads = columns.map((column) => column.head.toLowerCase())
  const right = columns.flatMap((column, i) => (column.right ? [i] : []))
  let begun = false
  return (rows) => {
    if (rows.length === 0) return ''
    const lines = markdownTable(
      heads,
      rows.map((row) => columns.map((column) => column.cell(row))),
      right,
    )
    const shown = begun ? lines.slice(2) : lines
    begun = true
    return `${shown.join('\n')}\n`
  }
}
