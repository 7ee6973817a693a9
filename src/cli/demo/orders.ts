// The job that `redrive demo` runs: a job file like any other, but for its import, which says 'redrive' elsewhere.
import { csv, HttpError, job, type Schema } from '../../index.ts'
import { startService } from './service.ts'

interface Order {
  readonly id: string
  readonly country: string
  readonly amount: number
}
type Cells = { readonly [Column in keyof Order]: string }

const countries = ['DE', 'FR', 'GB', 'US']
/** Two rows that no order has, and one that is no row of this table. */
const malformed: { readonly [id: number]: string } = {
  41: '41,UK,17.50',
  97: '97,FR,twelve',
  150: '150,DE,9.99,9.99',
}

/** Any Standard Schema does; most jobs take zod or valibot. */
const order: Schema<Cells, Order> = {
  '~standard': {
    version: 1,
    vendor: 'redrive-demo',
    validate: (value) => {
      const { id, country, amount } = value as Cells
      const issues = []
      if (!countries.includes(country))
        issues.push({ message: `must be one of ${countries.join(', ')}`, path: ['country'] })
      if (!(Number(amount) > 0)) issues.push({ message: 'must be a number above 0', path: ['amount'] })
      return issues.length > 0 ? { issues } : { value: { id, country, amount: Number(amount) } }
    },
  },
}

async function* rows(): AsyncGenerator<string> {
  yield 'id,country,amount\n'
  for (let id = 1; id <= 300; id++) yield `${malformed[id] ?? `${id},${countries[id % 4]},${(id % 90) + 0.5}`}\n`
}

let service: Promise<string> | undefined

export default job({
  name: 'demo-orders',
  source: csv({ [Symbol.asyncIterator]: rows }, { schema: order, key: ({ id }) => id }),
  concurrency: 8,
  dependencies: { 'orders-api': { breaker: { failureRate: 0.5, over: 20, open: '500ms' } } },
  policy: { transient: { attempts: 5, base: '100ms', max: '1s' } },
  run: (item, ctx) =>
    ctx.call('orders-api', async ({ signal }) => {
      service ??= startService()
      const headers = { 'idempotency-key': ctx.key }
      return HttpError.check(
        await fetch(await service, { method: 'POST', body: JSON.stringify(item), headers, signal }),
      )
    }),
})
