import { type Pull, type Pullable, pull } from './pull.ts'
import { makeReader } from './reader.ts'
import type { Chunk, Reader } from './source.ts'

/** Items in one chunk at most. */
const chunkItemsMax = 256
/** Items passed over before the event loop gets a turn. */
const skipTurnItems = 10_000

/** Items in hand, and whether that was all or why there are no more. */
interface Gathered {
  readonly items: unknown[]
  readonly end?: { readonly error?: unknown }
}

/** Reads items from position `start` on: in chunks of up to 256, or as many as are there without waiting. */
export function itemReader(items: Pullable, start: number): Reader {
  const source = Array.isArray(items) ? arrayPull(items, start) : pull(items)
  const gather = source.sync ? () => gatherNow(source) : lazyGather(source)
  let position = start
  let toSkip = Array.isArray(items) ? 0 : start
  let end: Gathered['end']
  return makeReader({
    async produce(): Promise<Chunk | undefined> {
      toSkip = await skip(source, toSkip)
      if (end === undefined) {
        const gathered = await gather()
        end = gathered.end
        if (gathered.items.length > 0) {
          const first = position
          position += gathered.items.length
          return {
            cursor: { position: first },
            entries: gathered.items.map((payload, index) => ({ position: first + index, payload })),
          }
        }
      }
      if (end && 'error' in end) throw end.error
      return undefined
    },
    release: () => source.stop(),
  })
}

/** Passes over what an earlier run has read; 0 are left then. */
async function skip(source: Pull, count: number): Promise<number> {
  for (let passed = 1; passed <= count; passed++) {
    const result = source.next()
    if ((source.sync ? (result as IteratorResult<unknown>) : await result).done) return 0
    if (passed % skipTurnItems === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return 0
}

/** Never asks an endless or slow iterable for more than a chunk. */
async function gatherNow(source: Pull): Promise<Gathered> {
  const items: unknown[] = []
  try {
    while (items.length < chunkItemsMax) {
      const { done, value } = source.next() as IteratorResult<unknown>
      if (done) return { items, end: {} }
      items.push(value)
    }
    return { items }
  } catch (error) {
    return { items, end: { error } }
  }
}

/** Waits for the first item, then takes what comes within the same turn of the event loop. One pull may be left under way: its item begins the next chunk. */
function lazyGather(source: Pull): () => Promise<Gathered> {
  let underWay: Promise<Gathered> | undefined
  const pullOne = (): Promise<Gathered> =>
    Promise.resolve(source.next()).then(
      ({ done, value }) => (done ? { items: [], end: {} } : { items: [value] }),
      (error: unknown) => ({ items: [], end: { error } }),
    )
  return () =>
    new Promise((resolve) => {
      const items: unknown[] = []
      let isOpen = true
      const finish = (end?: Gathered['end']) => {
        isOpen = false
        resolve(end ? { items, end } : { items })
      }
      const take = (pulled: Promise<Gathered>) => {
        underWay = pulled
        pulled.then((one) => {
          // the chunk went without it: the next call finds it in `underWay`
          if (!isOpen) return
          underWay = undefined
          items.push(...one.items)
          if (one.end || items.length === chunkItemsMax) return finish(one.end)
          if (items.length === 1) setImmediate(() => isOpen && finish())
          take(pullOne())
        })
      }
      take(underWay ?? pullOne())
    })
}

function arrayPull(items: readonly unknown[], start: number): Pull {
  let at = start
  return {
    sync: true,
    next: () => (at < items.length ? { done: false, value: items[at++] } : { done: true, value: undefined }),
    stop: async () => {},
  }
}
