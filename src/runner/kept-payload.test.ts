import { expect, test } from 'vitest'
import type { Context } from '../model/context.ts'
import { from } from '../source/from.ts'
import { jsonl } from '../source/jsonl.ts'
import { openBench, reset } from './run-job.fixture.ts'

interface Item {
  readonly n: number
}
const items = (count: number) => Array.from({ length: count }, (_, n): Item => ({ n }))
const list = (count: number) => from(items(count), { name: 'list', key: (item: Item) => `k${item.n}` })
const _never = () => new Promise<never>(() => {})

test('duplicates are skipped or quarantined, and the first of a key runs', async () => {
  const bench = await openBench()
  const rows = from([{ n: 1 }, { n: 2 }, { n: 1 }, { n: 1 }], { name: 'twice', key: (item: Item) => `k${item.n}` })
  const skipped = await bench.finish(
    await bench.start({ name: 'skip', source: rows, duplicates: 'skip', run: () => {} }),
  )
  expect(skipped.counts).toMatchObject({ read: 4, succeeded: 2, skipped: 2 })
  const held = await bench.finish(
    await bench.start({ name: 'keep', source: rows, duplicates: 'quarantine', run: () => {} }),
  )
  expect(held.counts).toMatchObject({ read: 4, succeeded: 2, quarantined: 2 })
  expect(held.groups).toMatchObject([{ type: 'conflict', disposition: 'permanent' }])
})

test('declared secrets are nowhere in clear but for the handler', async () => {
  const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`
  const bench = await openBench({ keys })
  const seen: string[] = []
  const started = await bench.start({
    name: 'secret',
    source: from([{ id: 'a', card: { number: '4000123412341234' } }], { name: 'cards', key: (item) => item.id }),
    secret: ['card.number'],
    policy: { transient: { base: '10ms' } },
    run: (item: { card: { number: string } }, ctx: Context) => {
      seen.push(item.card.number)
      ctx.log.info('charging', { number: item.card.number })
      if (ctx.attempt === 1) throw reset()
      throw new Error(`no such card: ${item.card.number}`)
    },
  })
  const report = await bench.finish(started)
  expect(report.counts.quarantined).toBe(1)
  expect(new Set(seen)).toEqual(new Set(['4000123412341234']))
  const { rows } = await bench.store.letters.list(undefined, {})
  const kept = [
    rows,
    await bench.store.letters.versions(rows[0]!.id),
    await bench.store.runs.attempts(report.batchId, 0),
    await bench.store.changes.since(0),
  ]
  expect(JSON.stringify(kept)).not.toContain('4000123412341234')
  expect(JSON.stringify(kept)).toContain('‹secret:1›')
})

test('a payload that can not be kept is quarantined with the reason, and is not eligible', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'unkept',
    source: from([{ fn: () => 1 }], { name: 'functions' }),
    run: () => {
      throw reset()
    },
  })
  expect((await bench.finish(started)).counts.quarantined).toBe(1)
  const { rows } = await bench.store.letters.list(undefined, {})
  expect(rows[0]!.ineligible).toContain('function')
})

test('rows of a stream are spooled before they run, so that an interrupted batch goes on without the stream', async () => {
  const bench = await openBench()
  const text = Array.from({ length: 30 }, (_, n) => `{"n":${n}}\n`).join('')
  async function* stream() {
    yield text
  }
  const calls: number[] = []
  const run = (item: unknown) => {
    calls.push((item as Item).n)
    return new Promise<void>((resolve) => bench.clock.setTimer(resolve, 10))
  }
  const first = await bench.start({ name: 'stream', source: jsonl(stream()), concurrency: 2, run })
  await bench.until(() => calls.length >= 10, 10_000, 5)
  const interrupting = first.run.interrupt()
  await bench.clock.advance(100)
  await interrupting
  async function* nothing(): AsyncGenerator<string> {}
  const resumed = await bench.start(
    { name: 'stream', source: jsonl(nothing()), concurrency: 2, run },
    { resume: first.batch.id },
  )
  const report = await bench.finish(resumed)
  expect(report.counts).toMatchObject({ read: 30, succeeded: 30 })
  expect(calls.length).toBe(30)
})

test('onComplete is called once, ever, and its failure changes nothing', async () => {
  const bench = await openBench()
  let calls = 0
  const report = await bench.finish(
    await bench.start({
      name: 'complete',
      source: list(3),
      run: () => {},
      onComplete: () => {
        calls++
        throw new Error('listener')
      },
    }),
  )
  expect(report.state).toBe('completed')
  expect(calls).toBe(1)
})
