import pMap from 'p-map'
import pRetry from 'p-retry'
import { CONCURRENCY, type Contestant, noopHandler } from '../contestant.ts'

const retries = { retries: 3, minTimeout: 1_000, maxTimeout: 60_000, randomize: true }

export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = noopHandler()
    await pMap(items, (item) => pRetry(() => handle(item), retries), { concurrency: CONCURRENCY })
    return tally
  },
}
