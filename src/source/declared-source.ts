import type { Schema } from '../model/schema.ts'
import type { Source } from '../model/source.ts'
import type { SourceAdapter } from './source.ts'

export type { Source } from '../model/source.ts'

/** Options of every source. */
export interface SourceOptions<Input, Item> {
  /** Checks each row; a row that fails becomes a dead letter of type `validation`. Default: none. */
  schema?: Schema<Input, Item>
  /** Serves idempotency, order and search. `undefined` makes the row a dead letter. Default: the position. */
  key?: (item: Item) => string | undefined
}
/** A payload that no schema has passed: the same fields, of any value. */
export type Unchecked<Input> = unknown extends Input ? unknown : { [Field in keyof Input]: unknown }
/** Chunks of bytes or text from Node or the web. */
export type ByteStream = AsyncIterable<Uint8Array | string> | ReadableStream<Uint8Array>

// A registered symbol, so that sources of another copy of the package are known too.
const brand = Symbol.for('redrive.source')

/** What the functions of this room answer: the user's `Source`, which is the runner's `SourceAdapter` too. */
export function declareSource<Item, Payload>(adapter: SourceAdapter): Source<Item, Payload> & SourceAdapter {
  Object.defineProperty(adapter, brand, { value: true })
  return adapter as Source<Item, Payload> & SourceAdapter
}

/** Whether a value was made by `declareSource`. */
export function isDeclared(value: object): value is SourceAdapter {
  return brand in value
}
