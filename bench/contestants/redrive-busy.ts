import { from } from '../../dist/index.js'
import { busyHandler } from '../busy-handler.ts'
import type { Contestant } from '../contestant.ts'
import { runRedrive } from '../run-redrive.ts'

export const contestant: Contestant = {
  run({ items, count }) {
    const { tally, handle } = busyHandler()
    return runRedrive({ tally, count, store: 'memory:', source: from(items, { name: 'items' }), handle })
  },
}
