import type { Colours } from '../report/colours.ts'
import { formatCount } from '../report/figures.ts'
import { markdownTable } from '../report/report-markdown.ts'
import { terminalText } from '../report/terminal-text.ts'
import { csvLine } from './csv-line.ts'
import { cellText, checkFields, fieldOf, pickFields } from './field-of.ts'
import type { Format, GlobalOptions } from './global-options.ts'
import { jsonText } from './json-text.ts'
import type { ListShape } from './list-shape.ts'
import { listWriter } from './list-writer.ts'
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
  page(data: object, page: Page): Promise<void>
}

/** One thing for people. */
export interface Page {
  readonly text: () => string
  readonly markdown?: () => string
}

/** Lines of a table on a terminal, without `--limit`. */
const terminalLimit = 50
/** Lines written at once; the widths of a table are measured over the first so many. */
const chunk = 1_000

interface Setting {
  readonly out: Out
  readonly globals: Pick<GlobalOptions, 'format' | 'fields' | 'limit'>
  readonly talk: Talk
  readonly colours: Colours
}

export function createOutput(setting: Setting): Output {
  const { out, globals, colours } = setting
  return {
    format: globals.format,
    colours,
    columns: out.isTTY ? out.columns : undefined,
    list: (shape, rows) => printList(setting, shape, rows),
    page: async (data, page) => out.write(pageText(data, page, setting)),
  }
}

async function printList<Row extends object>(
  { out, globals, talk, colours }: Setting,
  shape: ListShape<Row>,
  rows: Iterable<Row> | AsyncIterable<Row>,
): Promise<number> {
  checkFields(globals.fields, shape.fields)
  const format = globals.format === 'text' ? (shape.format ?? 'text') : globals.format
  const limit = globals.limit ?? (format === 'text' && out.isTTY ? terminalLimit : Number.POSITIVE_INFINITY)
  const write = listWriter(format, shape, {
    fields: globals.fields,
    colours,
    columns: out.isTTY ? out.columns : undefined,
  })
  let count = 0
  let more = false
  let lines: Row[] = []
  for await (const row of rows) {
    more = count === limit
    if (more) break
    count++
    lines.push(row)
    if (lines.length < chunk && !shape.streams) continue
    await out.write(write(lines))
    lines = []
  }
  if (lines.length > 0) await out.write(write(lines))
  if (count === 0) await talk.say(shape.empty)
  if (more && globals.limit === undefined) {
    await talk.say(`The first ${formatCount(count)} are shown. --limit N shows more, --where narrows.`)
  }
  return count
}

function pageText(data: object, page: Page, { globals: { format, fields }, out }: Setting): string {
  checkFields(fields, Object.keys(data))
  const picked = fields ? pickFields(data, fields) : data
  const cells = () => Object.entries(picked).map(([name, value]) => [name, cellText(value)])
  switch (format) {
    case 'json':
      return `${jsonText(picked, out.isTTY)}\n`
    case 'ndjson':
      return `${jsonText(picked)}\n`
    case 'csv': {
      const names = fields ?? Object.keys(data)
      return (
        csvLine(names) +
        csvLine(
          names.map((name) => fieldOf(data, name)),
          out.isTTY ? terminalText : undefined,
        )
      )
    }
    case 'md':
      return !fields && page.markdown ? page.markdown() : `${markdownTable(['field', 'value'], cells()).join('\n')}\n`
    case 'text':
      return fields ? fields.map((name) => `${terminalText(cellText(fieldOf(data, name)))}\n`).join('') : page.text()
  }
}
