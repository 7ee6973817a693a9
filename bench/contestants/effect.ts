import * as Effect from 'effect/Effect'
import { CONCURRENCY, type Contestant, type Item, noopHandler } from '../contestant.ts'

export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = noopHandler()
    const one = (item: Item) =>
      Effect.tryPromise(() => handle(item)).pipe(Effect.timeout('10 seconds'), Effect.retry({ times: 3 }))
    await Effect.runPromise(Effect.forEach(items, one, { concurrency: CONCURRENCY, discard: true }))
    return tally
  },
}
