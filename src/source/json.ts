import { checkOptions } from './check-options.ts'
import { type ByteStream, declareSource, type Source, type SourceOptions, type Unchecked } from './declared-source.ts'
import { JsonCutter, type JsonPart } from './json-cutter.ts'
import { parsePointer } from './json-pointer.ts'
import { JsonWalk } from './json-walk.ts'
import { parseJson } from './parse-json.ts'
import { textSource } from './text-source.ts'

/** The elements of an array in a JSON document. `pointer` (RFC 6901) default `''`, the document itself. */
export function json<Input = unknown, Item = unknown>(
  path: string | ByteStream,
  options: SourceOptions<Input, Item> & { pointer?: string } = {},
): Source<Item, Unchecked<Input>> {
  checkOptions('json', options, ['schema', 'key', 'pointer'])
  const { pointer = '' } = options
  const steps = parsePointer(pointer)
  const isWhole = steps.length === 0
  return declareSource(
    textSource(path, {
      kind: 'json',
      options,
      part: pointer,
      async begin(window, name) {
        const walk = new JsonWalk(window, { name, pointer })
        await walk.toArray(steps)
        return new JsonCutter({ position: 0, line: walk.line, byte: window.offset }, { part: 'first', isWhole })
      },
      goOn: (at, state) => new JsonCutter(at, { part: (state as { part: JsonPart }).part, isWhole }),
      readRaw: (raw) => parseJson(raw, 'the text'),
    }),
  )
}
