import { from } from '../../dist/index.js'
import { type Contestant, noopHandler } from '../contestant.ts'
import { runRedrive } from '../run-redrive.ts'

export const contestant: Contestant = {
  run({ items, count }) {
    const { tally, handle } = noopHandler()
    return runRedrive({ tally, count, store: 'memory:', source: from(items, { name: 'items' }), handle })
  },
}
