import pMap from 'p-map'
import { CONCURRENCY, type Contestant, noopHandler } from '../contestant.ts'

export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = noopHandler()
    await pMap(items, handle, { concurrency: CONCURRENCY })
    return tally
  },
}
