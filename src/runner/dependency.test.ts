import { expect, test } from 'vitest'
import type { Context } from '../model/context.ts'
import { from } from '../source/from.ts'
import { openBench, refused } from './run-job.fixture.ts'

interface Item {
  readonly n: number
}
const items = (count: number) => Array.from({ length: count }, (_, n): Item => ({ n }))
const list = (count: number) => from(items(count), { name: 'list', key: (item: Item) => `k${item.n}` })
const _never = () => new Promise<never>(() => {})

test('an outage leaves no dead letter: items are held, probed, and released when the dependency answers', async () => {
  const bench = await openBench()
  let down = true
  let calls = 0
  const started = await bench.start({
    name: 'outage',
    source: list(500),
    dependencies: { api: {} },
    policy: { recoverable: { attempts: 3 } },
    run: (_item: Item, ctx: Context<'api'>) =>
      ctx.call('api', async () => {
        calls++
        if (down) throw refused()
      }),
  })
  await bench.until(() => started.run.counts.states.held > 300)
  const during = calls
  await bench.clock.advance(2 * 3_600_000)
  // Two hours down: at most the failures that opened the breaker, and the probes.
  expect(calls - during).toBeLessThan(3 * 2 * 60 + 50)
  down = false
  const report = await bench.finish(started, 600_000)
  expect(report.counts).toMatchObject({ read: 500, succeeded: 500, quarantined: 0, held: 0 })
  expect(report.attempts.notCounted).toBeGreaterThan(300)
})

test('few items at a dependency that answers nobody are held too, though the breaker has too little to judge by', async () => {
  const bench = await openBench()
  let down = true
  const started = await bench.start({
    name: 'few',
    source: list(3),
    dependencies: { api: {} },
    policy: { recoverable: { attempts: 2, base: '10ms' } },
    run: (_item: Item, ctx: Context<'api'>) =>
      ctx.call('api', async () => {
        if (down) throw refused()
      }),
  })
  await bench.until(() => started.run.counts.states.held === 3)
  expect(started.run.dependencies.get('api')!.breaker!.phase).not.toBe('closed')
  down = false
  expect((await bench.finish(started)).counts).toMatchObject({ succeeded: 3, quarantined: 0 })
})

test('items of a healthy dependency go on while another is down', async () => {
  const bench = await openBench()
  const done: number[] = []
  const started = await bench.start({
    name: 'two',
    source: list(200),
    dependencies: { good: {}, bad: {} },
    run: (item: Item, ctx: Context<'good' | 'bad'>) =>
      ctx.call(item.n % 2 ? 'good' : 'bad', async () => {
        if (item.n % 2 === 0) throw refused()
        done.push(item.n)
      }),
  })
  await bench.until(() => done.length === 100)
  expect(started.run.counts.states.quarantined).toBe(0)
  await started.batch.cancel()
})

test('a wait above a second for a dependency at its rate takes no slot and counts against nobody', async () => {
  const bench = await openBench()
  const at: number[] = []
  const started = await bench.start({
    name: 'rate',
    source: list(12),
    concurrency: 4,
    dependencies: { api: { rate: '1/s' } },
    run: (_item: Item, ctx: Context<'api'>) => ctx.call('api', () => void at.push(bench.clock.monotonicMs())),
  })
  const report = await bench.finish(started, 60_000, 10)
  expect(report.counts.succeeded).toBe(12)
  expect(report.attempts.retries).toBe(0)
  for (let i = 1; i < at.length; i++) expect(at[i]! - at[i - 1]!).toBeGreaterThan(980)
})

test('a dependency is never called more often at once than it allows', async () => {
  const bench = await openBench()
  let inFlight = 0
  let most = 0
  const started = await bench.start({
    name: 'narrow',
    source: list(40),
    dependencies: { api: { concurrency: 3 } },
    run: (_item: Item, ctx: Context<'api'>) =>
      ctx.call('api', async () => {
        most = Math.max(most, ++inFlight)
        await new Promise<void>((resolve) => bench.clock.setTimer(resolve, 20))
        inFlight--
      }),
  })
  expect((await bench.finish(started, 60_000, 5)).counts.succeeded).toBe(40)
  expect(most).toBe(3)
})
