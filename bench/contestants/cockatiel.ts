import { wrap } from 'cockatiel'
import { breakerPolicy, retryPolicy } from '../cockatiel-policies.ts'
import { type Contestant, noopHandler } from '../contestant.ts'
import { handWrittenPool } from '../hand-written-pool.ts'

export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = noopHandler()
    const policy = wrap(retryPolicy(), breakerPolicy())
    await handWrittenPool(items, (item) => policy.execute(() => handle(item)))
    return tally
  },
}
