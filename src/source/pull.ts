import { describe } from './describe.ts'

/** Anything that `from` can pull items out of. */
export type Pullable = Iterable<unknown> | AsyncIterable<unknown> | ReadableStream<unknown>

/** Items one by one, on demand. */
export interface Pull {
  /** Whether `next` answers at once. */
  readonly sync: boolean
  next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>>
  /** Lets the source end itself; waits for that at most 500 ms, and never throws. */
  stop(): Promise<void>
}

const stopWaitMs = 500

/** Starts to pull. A web stream is read by its reader and a Node stream is destroyed at the end, since their iterators can't be left while an item is awaited. */
export function pull(items: Pullable): Pull {
  if (isWebStream(items)) {
    const reader = items.getReader()
    return {
      sync: false,
      next: () => reader.read() as Promise<IteratorResult<unknown>>,
      stop: () => settled(() => reader.cancel()),
    }
  }
  if (Symbol.asyncIterator in items) {
    const iterator = items[Symbol.asyncIterator]()
    const destroyable = items as { destroy?: unknown }
    return {
      sync: false,
      next: async () => checked(await iterator.next()),
      stop: () =>
        settled(() => {
          if (typeof destroyable.destroy === 'function') destroyable.destroy()
          return iterator.return?.()
        }),
    }
  }
  const iterator = items[Symbol.iterator]()
  return { sync: true, next: () => checked(iterator.next()), stop: () => settled(() => iterator.return?.()) }
}

/** Whether the items can be iterated once only: a generator, an iterator, a stream. */
export function isOneShot(items: Pullable): boolean {
  if (isWebStream(items) || typeof (items as { pipe?: unknown }).pipe === 'function') return true
  return typeof (items as { next?: unknown }).next === 'function'
}

function isWebStream(items: object): items is ReadableStream<unknown> {
  return typeof (items as { getReader?: unknown }).getReader === 'function'
}

function checked(result: unknown): IteratorResult<unknown> {
  if (typeof result === 'object' && result !== null) return result as IteratorResult<unknown>
  throw new TypeError(`the iterator's next() answered ${describe(result)}; an object { value, done } is expected`)
}

async function settled(stop: () => unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, stopWaitMs)
  })
  try {
    await Promise.race([Promise.resolve(stop()), late])
  } catch {
    // what the source throws while it is left is nobody's failure
  } finally {
    clearTimeout(timer)
  }
}
