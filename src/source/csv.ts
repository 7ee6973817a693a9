import { RedriveError } from '../model/redrive-error.ts'
import { checkOptions } from './check-options.ts'
import { csvCutter } from './csv-cutter.ts'
import { readHeader } from './csv-header.ts'
import { type Cells, type CsvLayout, csvLayout, type Row } from './csv-layout.ts'
import { readCsvRow } from './csv-row.ts'
import { type ByteStream, declareSource, type Source, type SourceOptions } from './declared-source.ts'
import { describe } from './describe.ts'
import { textSource } from './text-source.ts'

/** One item per row, an object by header. `delimiter` default `,`. */
export function csv<Input = Row, Item = Row>(
  path: string | ByteStream,
  options: SourceOptions<Input, Item> & { delimiter?: string } = {},
): Source<Item, Cells<Input>> {
  checkOptions('csv', options, ['schema', 'key', 'delimiter'])
  const delimiter = checkedDelimiter(options.delimiter)
  const layoutOf = (state: unknown): CsvLayout => csvLayout((state as { header: string[] }).header, delimiter)
  return declareSource(
    textSource(path, {
      kind: 'csv',
      options,
      reading: `the delimiter ${JSON.stringify(delimiter)}`,
      async begin(window, name) {
        const { header, line } = await readHeader(window, { name, delimiter })
        return csvCutter(csvLayout(header, delimiter), { position: 0, line, byte: window.offset })
      },
      goOn: (at, state) => csvCutter(layoutOf(state), at),
      readRaw: (raw, state) => readCsvRow(raw, layoutOf(state)),
    }),
  )
}

function checkedDelimiter(delimiter: unknown = ','): string {
  // ASCII, since a delimiter of several bytes can't be told apart in rows that are no UTF-8
  if (typeof delimiter === 'string' && /^[\x00-\x7f]$/.test(delimiter) && !'"\r\n'.includes(delimiter)) return delimiter
  throw new RedriveError('RD-1101', {
    what: `csv: delimiter is ${describe(delimiter)}`,
    fix: 'Give one ASCII character that is no quote and no line end, such as ";" or "\\t".',
  })
}
