import { nearest } from '../model/did-you-mean.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Colours } from '../report/colours.ts'
import { formatCount } from '../report/figures.ts'
import { markdownTable } from '../report/report-markdown.ts'
import { terminalText } from '../report/terminal-text.ts'
import type { Format, GlobalOptions } from './command.ts'
import { csvLine } from './csv-line.ts'
import { jsonText } from './json-text.ts'
import { createTable } from './table.ts'
import type { Talk } from './talk.ts'
import type { Out } from './world.ts'

/** Data on standard output, in the format that was asked for. */
export interface Output {
  readonly format: Format
  readonly colours: Colours
  /** Columns of the terminal; undefined when it is none: then nothing is cut. */
  readonly columns: number | undefined
  /** Prints a list and answers how many lines it had. Stops reading at the limit. */
  list<Row extends object>(shape: ListShape<Row>, rows: Iterable<Row> | AsyncIterable<Row>): Promise<number>
  /** Prints one thing: its JSON, or its page for people. */
  page<Data extends object>(data: Data, page: Page): Promise<void>
}

/** How a list is printed. */
export interface ListShape<Row extends object> {
  /** Every field that a line can have, in order: for `--fields` and CSV. */
  readonly fields: readonly string[]
  /** For people. */
  readonly columns: readonly Column<Row>[]
  /** Said when there is nothing. */
  readonly empty: string
  /** What `text` means here; default a table. */
  readonly textFormat?: 'ndjson'
}

/** A column of a table. */
export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => string
  readonly right?: boolean
  /** Cut first when the table is wider than the terminal. */
  readonly grow?: boolean
  readonly paint?: (row: Row, colours: Colours) => (text: string) => string
}

/** One thing for people. */
export interface Page {
  readonly text: () => string
  readonly markdown?: () => string
}

/** Lines of a table on a terminal, without `--limit`. */
const terminalLimit = 50
/** Lines that the widths of a table are measured over. */
const chunk = 1_000

interface Setting {
  readonly out: Out
  readonly globals: Pick<GlobalOptions, 'format' | 'fields' | 'limit'>
  readonly talk: Talk
  readonly colours: Colours
}

export function createOutput({ out, globals, talk, colours }: Setting): Output {
  const columns = out.isTTY ? out.columns : undefined
  return {
    format: globals.format,
    colours,
    columns,
    list: (shape, rows) => printList({ shape, rows, out, globals, talk, colours, columns }),
    page: async (data, page) => out.write(pageText({ data, page, globals, out })),
  }
}

interface Listing<Row extends object> extends Setting {
  readonly shape: ListShape<Row>
  readonly rows: Iterable<Row> | AsyncIterable<Row>
  readonly columns: number | undefined
}

async function printList<Row extends object>(listing: Listing<Row>): Promise<number> {
  const { shape, rows, out, globals, talk } = listing
  const format = globals.format === 'text' ? (shape.textFormat ?? 'text') : globals.format
  checkFields(globals.fields, shape.fields)
  const limit = globals.limit ?? (format === 'text' && out.isTTY ? terminalLimit : Number.POSITIVE_INFINITY)
  const writer = writerOf(format, listing)
  let count = 0
  let more = false
  let lines: Row[] = []
  for await (const row of rows) {
    if (count === limit) {
      more = true
      break
    }
    count++
    lines.push(row)
    if (lines.length === chunk || writer.streams) {
      await out.write(writer.text(lines))
      lines = []
    }
  }
  const rest = writer.text(lines, true)
  if (rest !== '') await out.write(rest)
  if (count === 0) await talk.say(shape.empty)
  else if (more && globals.limit === undefined) await talk.say(`The first ${formatCount(count)} are shown. --limit N shows more, --where narrows.`)
  return count
}

interface ListWriter<Row> {
  /** Written line by line: a reader downstream may wait for each. */
  readonly streams?: boolean
  text(rows: readonly Row[], last?: boolean): string
}

function writerOf<Row extends object>(format: Format, { shape, globals, colours, columns, out }: Listing<Row>): ListWriter<Row> {
  const names = globals.fields ?? shape.fields
  const shown: readonly Column<Row>[] = globals.fields?.map((name) => ({ head: name, cell: (row: Row) => cellText(fieldOf(row, name)) })) ?? shape.columns
  let begun = false
  const first = (text: string) => (begun ? '' : ((begun = true), text))
  switch (format) {
    case 'json':
    case 'ndjson':
      return { text: (rows) => rows.map((row) => `${jsonText(globals.fields ? pick(row, globals.fields) : row)}\n`).join('') }
    case 'csv': {
      const clean = out.isTTY ? terminalText : undefined
      return { text: (rows) => first(csvLine(names)) + rows.map((row) => csvLine(names.map((name) => fieldOf(row, name)), clean)).join('') }
    }
    case 'md':
      return {
        text: (rows) => {
          const lines = markdownTable(shown.map((column) => column.head.toLowerCase()), rows.map((row) => shown.map((column) => column.cell(row))), rightOf(shown))
          return rows.length === 0 ? '' : `${lines.slice(begun ? 2 : ((begun = true), 0)).join('\n')}\n`
        },
      }
    case 'text': {
      const table = createTable(shown, { colours, columns })
      return { text: (rows) => table(rows) }
    }
  }
}

function rightOf<Row>(columns: readonly Column<Row>[]): number[] {
  return columns.flatMap((column, i) => (column.right ? [i] : []))
}

function pageText({ data, page, globals, out }: { data: object; page: Page; globals: Setting['globals']; out: Out }): string {
  const { format, fields } = globals
  checkFields(fields, Object.keys(data))
  const picked = fields ? pick(data, fields) : data
  switch (format) {
    case 'json':
      return `${jsonText(picked, out.isTTY)}\n`
    case 'ndjson':
      return `${jsonText(picked)}\n`
    case 'csv': {
      const names = fields ?? Object.keys(data)
      return csvLine(names) + csvLine(names.map((name) => fieldOf(data, name)), out.isTTY ? terminalText : undefined)
    }
    case 'md':
      return !fields && page.markdown ? page.markdown() : `${markdownTable(['field', 'value'], Object.entries(picked).map(([name, value]) => [name, cellText(value)])).join('\n')}\n`
    case 'text':
      return fields ? fields.map((name) => `${terminalText(cellText(fieldOf(data, name)))}\n`).join('') : page.text()
  }
}

/** A field may be absent from a line, but not unknown. `error.message` is a field of a field. */
function checkFields(wanted: readonly string[] | undefined, known: readonly string[]): void {
  for (const name of wanted ?? []) {
    const head = name.split('.')[0]!
    if (known.includes(name) || known.includes(head)) continue
    const near = nearest(head, known)
    throw new RedriveError('RD-1701', {
      what: `There is no field ${JSON.stringify(name)} to show.`,
      fix: `${near ? `Did you mean ${near}? ` : ''}Fields are ${known.join(', ')}.`,
    })
  }
}

function pick(row: object, fields: readonly string[]): object {
  return Object.fromEntries(fields.map((name) => [name, fieldOf(row, name) ?? null]))
}

function fieldOf(row: object, name: string): unknown {
  let value: unknown = row
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as { [field: string]: unknown })[part]
  }
  return value
}

/** A value in a cell. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
