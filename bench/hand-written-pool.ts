import { CONCURRENCY } from './contestant.ts'

/** The least that can run a list with a limit: so many loops over one index. */
export async function handWrittenPool<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<unknown>,
): Promise<void> {
  let at = 0
  const loop = async () => {
    while (at < items.length) await run(items[at++]!)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, loop))
}
