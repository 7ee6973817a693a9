import { busyHandler } from '../busy-handler.ts'
import type { Contestant } from '../contestant.ts'
import { handWrittenPool } from '../hand-written-pool.ts'

export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = busyHandler()
    await handWrittenPool(items, handle)
    return tally
  },
}
