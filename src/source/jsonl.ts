import { checkOptions } from './check-options.ts'
import { type ByteStream, declareSource, type Source, type SourceOptions, type Unchecked } from './declared-source.ts'
import { jsonlCutter } from './jsonl-cutter.ts'
import { parseJson } from './parse-json.ts'
import { textSource } from './text-source.ts'

/** One item per line of JSON. */
export function jsonl<Input = unknown, Item = unknown>(
  path: string | ByteStream,
  options: SourceOptions<Input, Item> = {},
): Source<Item, Unchecked<Input>> {
  checkOptions('jsonl', options, ['schema', 'key'])
  return declareSource(
    textSource(path, {
      kind: 'jsonl',
      options,
      begin: async (window) => jsonlCutter({ position: 0, line: 1, byte: window.offset }),
      goOn: (at) => jsonlCutter(at),
      readRaw: (raw) => parseJson(raw, 'the line'),
    }),
  )
}
