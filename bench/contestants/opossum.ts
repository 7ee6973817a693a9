import CircuitBreaker from 'opossum'
import { type Contestant, noopHandler } from '../contestant.ts'
import { handWrittenPool } from '../hand-written-pool.ts'

/** Breaker and timeout; it has no retry. */
export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = noopHandler()
    const breaker = new CircuitBreaker(handle, { timeout: 10_000, errorThresholdPercentage: 50, resetTimeout: 5_000 })
    await handWrittenPool(items, (item) => breaker.fire(item))
    breaker.shutdown()
    return tally
  },
}
