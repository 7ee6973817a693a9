import { RedriveError } from '../model/redrive-error.ts'
import { checkOptions } from './check-options.ts'
import { declareSource, type Source } from './declared-source.ts'
import { describe } from './describe.ts'
import { itemReader } from './item-reader.ts'
import { isOneShot, type Pullable } from './pull.ts'
import { makeShape } from './shape.ts'
import type { Identity } from './source.ts'
import { UnreadableError } from './unreadable-error.ts'

/** `any` (an untyped stream) becomes `unknown`. */
export type Typed<Value> = 0 extends 1 & Value ? unknown : Value

/** Items from anything that can be iterated; give `name` to be able to resume. */
export function from<Item>(
  items: (Iterable<Item> & object) | AsyncIterable<Item> | ReadableStream<Item>,
  options: { name?: string; key?: (item: Typed<Item>) => string | undefined } = {},
): Source<Typed<Item>> {
  checkOptions('from', options, ['name', 'key'])
  const pullable = checkedItems(items)
  const { name } = options
  let isRead = false
  return declareSource({
    name: name ?? 'unnamed',
    kind: 'iterable',
    rereadable: name !== undefined,
    shape: makeShape({ key: options.key }),
    identify: async (): Promise<Identity> =>
      name === undefined ? { kind: 'iterable', name: 'unnamed' } : { kind: 'iterable', name, key: `iterable:${name}` },
    compare: (kept, now) =>
      kept.name === now.name ? { same: true } : { same: false, differs: `is named ${now.name}, was ${kept.name}` },
    async open(_identity, at) {
      if (isRead && isOneShot(pullable)) {
        const fix =
          'Give from() an array, or an object whose [Symbol.iterator]() or [Symbol.asyncIterator]() begins anew each time.'
        throw new RedriveError('RD-1205', {
          what: `from(${name ?? ''}): ${describe(items)} was read already, and can be read only once`,
          fix,
        })
      }
      isRead = true
      return itemReader(pullable, at?.position ?? 0)
    },
    readRaw: () => ({
      error: new UnreadableError('JSON_INVALID', 'items of an iterable have no text; repair the payload instead'),
    }),
  })
}

function checkedItems(items: unknown): Pullable {
  if (typeof items === 'object' && items !== null) {
    if (Symbol.asyncIterator in items || Symbol.iterator in items || 'getReader' in items) return items as Pullable
  }
  throw new RedriveError('RD-1101', {
    what: `from: got ${describe(items)}`,
    why: 'Items come from an array, an iterable, an async iterable or a stream.',
    fix:
      typeof items === 'string'
        ? 'Read a file by csv(path), jsonl(path) or json(path); a text of your own: from([text]).'
        : 'Give from([…]) or from(stream).',
  })
}
