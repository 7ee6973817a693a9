import { job } from '../dist/index.js'
import { CONCURRENCY, type Item, type Tally } from './contestant.ts'

type Definition = Parameters<typeof job<Item, unknown, 'api'>>[0]

export interface RedriveRun {
  readonly tally: Tally
  readonly count: number
  readonly store: string
  readonly source: Definition['source']
  readonly handle: NonNullable<Definition['run']>
  readonly durability?: 'each'
}

/** One batch with everything on: timeout, classification, retry, a dependency with its breaker. Checks redrive's own count too. */
export async function runRedrive({ tally, count, store, source, handle, durability }: RedriveRun): Promise<Tally> {
  const bench = job<Item, unknown, 'api'>({
    name: 'bench',
    source,
    concurrency: CONCURRENCY,
    timeout: '10s',
    dependencies: { api: { breaker: { failureRate: 0.5, over: 100 } } },
    policy: { transient: { attempts: 4, base: '1s', max: '60s' } },
    ...(durability && { durability }),
    run: handle,
  })
  const batch = await bench.start({ store, fresh: true })
  const report = await batch.done
  if (report.state !== 'completed' || report.counts.succeeded !== count) {
    throw new Error(`redrive reports ${report.counts.succeeded} of ${count} items as succeeded, batch ${report.state}`)
  }
  return tally
}
