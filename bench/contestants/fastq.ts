import * as fastq from 'fastq'
import { CONCURRENCY, type Contestant, type Item, noopHandler } from '../contestant.ts'

export const contestant: Contestant = {
  async run({ items }) {
    const { tally, handle } = noopHandler()
    const queue = fastq.promise<unknown, Item, void>(handle, CONCURRENCY)
    for (const item of items) void queue.push(item)
    await queue.drained()
    return tally
  },
}
