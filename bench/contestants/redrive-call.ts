import { from } from '../../dist/index.js'
import { type Contestant, noopHandler } from '../contestant.ts'
import { runRedrive } from '../run-redrive.ts'

/** The handler's work is inside one `ctx.call`: breaker and timeout are passed for each item. */
export const contestant: Contestant = {
  run({ items, count }) {
    const { tally, handle } = noopHandler()
    const source = from(items, { name: 'items' })
    return runRedrive({
      tally,
      count,
      store: 'memory:',
      source,
      handle: (item, ctx) => ctx.call('api', () => handle(item)),
    })
  },
}
