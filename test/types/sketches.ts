// What a user may write, and what it means in types. Kept as written: a formatter would move lines away from their marks.
import { z } from 'zod'
import { job, stages, csv, jsonl, json, files, sql, from, rule, retry, breaker, classify, backoff, connect, HttpError } from 'redrive'

const url = 'http://127.0.0.1:9/orders'
const Order = z.object({
  id: z.string(), shop: z.string(), country: z.enum(['GB', 'FR']), amount: z.coerce.number(),
  card: z.object({ number: z.string() }).optional(), lines: z.array(z.object({ sku: z.string() })).default([]),
})

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
function same<_Yes extends true>(): void {}

// --- orders.ts
export const orders = job({
  name: 'orders',
  source: csv('orders.csv', { schema: Order, key: (o) => o.id }),
  concurrency: 16, timeout: '10s',
  stopWhen: { failureRate: 0.2, over: 200, auth: { failures: 1 } },
  dependencies: {
    'orders-api': { breaker: { failureRate: 0.5, over: 100 }, budget: '20%', concurrency: 8, timeout: '5s', tenant: (o) => o.shop },
    'mail': {},
  },
  policy: {
    transient: { attempts: 5, backoff: 'exponential', base: '100ms', max: '30s', jitter: 'full' },
    rate_limit: { attempts: 20 },
    validation: 'quarantine',
    fatal: 'stop',
  },
  rules: [rule({ code: 'OUT_OF_STOCK' }, { type: 'business', disposition: 'permanent' })],
  keep: 'results', order: 'per-key', duplicates: 'skip', isolate: 'thread', durability: 'each', deadline: '2h', parked: 5000,
  secret: ['card.number'], index: ['country', 'lines.*.sku'], onComplete: (report) => report.counts.quarantined,
  run: (order, ctx) => {
    same<Same<typeof order, z.output<typeof Order>>>()
    return ctx.call('orders-api', async ({ signal }) =>
      HttpError.check(await fetch(url, { method: 'POST', body: JSON.stringify(order), signal, headers: { 'idempotency-key': ctx.key } })))
  },
})

// --- main.ts
export async function main() {
  await using batch = await orders.start({ store: 'sqlite:.redrive/ledger.db' })
  for await (const event of batch.events) if (event.type === 'item' && event.to === 'quarantined') console.log(event.key)
  await batch.pause(); await batch.resume(); await batch.cancel({ drain: true })
  const report = await batch.done
  return report.exitCode
}

// --- quarantine
export async function repair() {
  const plan = await orders.quarantine('type:validation age:<7d')
    .plan({ edit: (o) => ({ ...o, country: o.country === 'UK' ? 'GB' : o.country }), schema: Order, canary: 10, rate: '50/s', abortAt: 0.1 })
  console.log(plan.count, plan.ineligible[0]?.why, plan.sample[0]?.before.country, plan.sample[0]?.after.country)
  const operation = await plan.apply({ actor: 'on-call', reason: 'INC-42: UK is GB' })
  await operation.done
}

// --- stages
const TripRow = z.object({ id: z.string(), seats: z.string() })
const Trip = z.object({ id: z.string(), seats: z.coerce.number() })
type Trip = z.output<typeof Trip>
declare const flights: { book(t: Trip): Promise<{ ref: string; price: number }>; cancel(b: { ref: string }): Promise<void> }
declare const bank: { pay(price: number, key: string): Promise<string> }

export const trips = job({
  name: 'trips', source: csv('trips.csv', { schema: TripRow, key: (t) => t.id }),
  dependencies: { airline: { tenant: (t) => t.id } },
  stages: (s) => s
    .stage('validate', { schema: Trip })
    .stage('flight', {
      run: (t, ctx) => ctx.call('airline', () => flights.book(t)),
      undo: (booking) => flights.cancel(booking), policy: { conflict: { attempts: 8 } } })
    .stage('pay', { run: (t, { prev, key }) => bank.pay(prev.flight.price * t.seats, key), pivot: true })
    .stage('mail', { run: (_t, { prev }) => { same<Same<typeof prev, { validate: Trip; flight: { ref: string; price: number }; pay: string }>>() } }),
})

// the same, as the sketch has it: stages built apart
const tripStages = stages<z.output<typeof TripRow>, 'airline'>()
  .stage('validate', { schema: Trip })
  .stage('flight', { run: (t) => flights.book(t), undo: (booking) => flights.cancel(booking), policy: { conflict: { attempts: 8 } } })
  .stage('pay', { run: (_t, { prev, key }) => bank.pay(prev.flight.price, key), pivot: true })
export const trips2 = job({ name: 'trips', source: csv('trips.csv', { schema: TripRow }), dependencies: { airline: {} }, stages: tripStages })

// --- ledger
export async function ledgers() {
  await using ledger = await connect('sqlite:.redrive/ledger.db')
  for await (const letter of ledger.letters('view:review -type:auth')) console.log(letter.id, letter.payload, letter.classification.why)
  for await (const item of ledger.items({ state: ['held', 'waiting'], age: '2d' })) console.log(item.position)
  for await (const error of ledger.errors()) console.log(error.title)
  for await (const change of ledger.changes(17)) console.log(change.seq)
  return (await ledger.stats({ since: '7d' })).recovered
}

// --- alone
async function fetchOrder(id: string, options?: { fresh: boolean }): Promise<z.output<typeof Order>> { return Order.parse({ id, ...options }) }
async function generic<Value>(value: Value): Promise<Value> { return value }
export const fetchSafely = retry.wrap(fetchOrder, { transient: { attempts: 5 } })
same<Same<typeof fetchSafely, typeof fetchOrder>>()
export const genericSafely = retry.wrap(generic)
same<Same<typeof genericSafely, typeof generic>>()
export const once: Promise<number> = retry(async ({ signal }) => signal.aborted ? 0 : 1, { network: { attempts: 3, base: '50ms' } })
export const called: Promise<string> = breaker('bank', { failureRate: 0.5 }).call(() => bank.pay(1, 'k'))
export const type = classify(new Error('x')).type
export const delayMs: number = backoff({ backoff: 'decorrelated', max: '1m' })(3)

// --- sources
declare const pool: { query(text: string, values?: readonly unknown[]): Promise<{ rows: { id: string }[] }> }
declare const web: ReadableStream<{ id: string }>
async function* double() { yield { id: 'a', n: 1 } }

export const sources = {
  array: from([{ id: 'a' }], { name: 'list', key: (i) => i.id }),
  web: from(web, { name: 'web', key: (i) => i.id }),
  untyped: from(process.stdin),
  rows: csv('a.csv', { key: (row) => row.id }),
  piped: csv(process.stdin, { schema: Order, key: (o) => o.id, delimiter: ';' }),
  lines: jsonl('a.jsonl', { schema: Order, key: (o) => o.id }),
  loose: jsonl('a.jsonl'),
  document: json('a.json', { pointer: '/orders', schema: Order }),
  found: files(['in/**/*.pdf', '!in/old/**']),
  table: sql(pool, 'select * from orders where day = $1', { values: ['2026-11-22'], schema: Order, key: (o) => o.id }),
}
export const noSchema = job({ name: 'a', source: csv('a.csv'), index: ['country'], run: (row) => { same<Same<typeof row, { [column: string]: string }>>() } })
export const unknownItems = job({ name: 'b', source: jsonl('a.jsonl'), secret: ['card.number'], run: (item) => { same<Same<typeof item, unknown>>() } })
export const streamItems = job({ name: 's', source: from(process.stdin), run: (item) => { same<Same<typeof item, unknown>>() } })
export const doubled = job({ name: 'c', source: double(), run: (item) => item.n })
export const generated = job({ name: 'd', source: from(double(), { name: 'd', key: (i) => i.id }), run: (item) => item.n })
export const pdfs = job({ name: 'e', source: files('*.pdf'), run: async (file, ctx) => (await file.bytes()).length + (await file.text()).length + ctx.attempt })
export const withContext = job({
  name: 'f', source: from([{ id: 'a', address: undefined as string | undefined }]), dependencies: { mail: { rate: '50/s' } },
  run: async (o, ctx) => {
    if (o.address === undefined) return ctx.fail('permanent', 'no address')
    const { address } = o
    const receipt = await ctx.once('send', () => ctx.call('mail', async () => ({ id: address }), { fallback: () => ({ id: 'later' }) }))
    ctx.undo(() => receipt.id); ctx.cleanup(() => ctx.log.info('bye', { position: ctx.position }))
    return (await ctx.tempDir()) + receipt.id.length
  },
})

// --- handlers and helpers apart from the job
import type { Context } from 'redrive'
async function notify(ctx: Context<'mail'>) { await ctx.call('mail', async () => 1) }
async function anywhere(ctx: Context) { ctx.log.info(ctx.key) }
export const helped = job({
  name: 'g', source: from([{ id: 'a' }]), dependencies: { mail: {}, bank: {} },
  run: async (_o, ctx) => { await notify(ctx); await anywhere(ctx) },
})
// a stage with a schema and a run, methods, another order of the options
export const anyOrder = job({
  name: 'h',
  stages: (s) => s.stage('load', { schema: Trip, async run(t, ctx) { return ctx.call('mail', () => t.seats.toFixed()) }, undo(sent) { return sent.length } }),
  dependencies: { mail: { tenant: (t) => t.id } },
  source: csv('trips.csv', { schema: TripRow, key: (t) => t.id }),
})
// unions and recursion in paths
type Tree = { name: string; children: Tree[]; made: Date; tags: Record<string, string> }
type Event = { type: 'a'; a: { x: string } } | { type: 'b'; b: number }
declare const trees: Tree[], events: Event[]
export const forest = job({ name: 't', source: from(trees), index: ['children.*.name', 'tags.anything', 'made'], run: () => {} })
export const union = job({ name: 'u', source: from(events), index: ['type', 'a.x', 'b'], run: (e) => e.type === 'a' ? e.a.x : e.b })
// a schema that renames: `secret` also names what the file calls it, since a dead letter keeps the payload as read
const Renamed = z.object({ card_no: z.string() }).transform((r) => ({ card: { number: r.card_no } }))
export const renamed = job({ name: 'r', source: csv('r.csv', { schema: Renamed }), secret: ['card_no', 'card.number'], run: (o) => o.card.number })
