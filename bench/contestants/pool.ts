import { type Contestant, noopHandler } from '../contestant.ts'
import { handWrittenPool } from '../hand-written-pool.ts'

export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = noopHandler()
    await handWrittenPool(items, handle)
    return tally
  },
}
