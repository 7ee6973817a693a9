import fastq from 'fastq'
import { CONCURRENCY, type Contestant, type Item, noopHandler } from '../contestant.ts'

/** With callbacks, its fastest way: a promise for each push costs it several times as much. */
export const contestant: Contestant = {
  run({ items }) {
    const { tally, handle } = noopHandler()
    return new Promise((resolve, reject) => {
      const work = (item: Item, done: fastq.done) => {
        handle(item).then(() => done(null), done)
      }
      const queue = fastq<unknown, Item>(work, CONCURRENCY)
      queue.drain = () => resolve(tally)
      const onDone = (error: Error | null) => error && reject(error)
      for (const item of items) queue.push(item, onDone)
    })
  },
}
