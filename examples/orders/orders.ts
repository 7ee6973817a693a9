import { csv, HttpError, job } from 'redrive'
import { z } from 'zod'

const url = `${process.env.ORDERS_URL ?? 'http://127.0.0.1:4781'}/orders`

const Order = z.object({
  id: z.string().regex(/^ORD-\d{5}$/),
  shop: z.string().min(1),
  country: z.enum(['GB', 'FR', 'DE', 'NL', 'SE']),
  amount: z.coerce.number().positive(),
  email: z.email(),
  sku: z.string().min(1),
  quantity: z.coerce.number().int().positive(),
})

export default job({
  name: 'orders',
  source: csv('.redrive/orders/orders.csv', { schema: Order, key: (o) => o.id }),
  duplicates: 'skip',
  concurrency: 32,
  timeout: '10s',
  parked: 4_000,
  stopWhen: { failureRate: 0.2, over: 200 },
  dependencies: {
    'orders-api': { breaker: { failureRate: 0.5, over: 100, open: '4s' }, concurrency: 24, timeout: '2s' },
  },
  policy: {
    transient: { attempts: 6, base: '100ms', max: '5s' },
    rate_limit: { attempts: 20 },
  },
  index: ['country', 'shop'],
  run: (order, ctx) =>
    ctx.call('orders-api', async ({ signal }) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': ctx.key }
      return HttpError.check(await fetch(url, { method: 'POST', body: JSON.stringify(order), signal, headers }))
    }),
})
