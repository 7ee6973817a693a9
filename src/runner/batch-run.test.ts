import { expect, test } from 'vitest'
import type { Context } from '../model/context.ts'
import { from } from '../source/from.ts'
import { openBench, reset } from './run-job.fixture.ts'

interface Item {
  readonly n: number
}
const items = (count: number) => Array.from({ length: count }, (_, n): Item => ({ n }))
const list = (count: number) => from(items(count), { name: 'list', key: (item: Item) => `k${item.n}` })
const never = () => new Promise<never>(() => {})

test('every item ends in one state: the good succeed, the broken are retried, the bad are quarantined', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'mixed',
    source: list(100),
    run: (item: Item, ctx: Context) => {
      if (item.n % 10 === 3 && ctx.attempt < 3) throw reset()
      if (item.n % 10 === 7) throw new TypeError('x is undefined')
    },
  })
  const report = await bench.finish(started)
  expect(report.state).toBe('completed_with_failures')
  expect(report.exitCode).toBe(3)
  expect(report.counts).toMatchObject({ read: 100, succeeded: 90, quarantined: 10, waiting: 0, held: 0, pending: 0 })
  expect(report.recovered).toBe(10)
  expect(report.attempts).toEqual({ total: 120, retries: 20, notCounted: 0 })
  expect(report.groups).toMatchObject([{ type: 'system', disposition: 'permanent', count: 10 }])
})

test('an attempt that overruns is told so; a success that comes late is a success', async () => {
  const bench = await openBench()
  let aborted = false
  const started = await bench.start({
    name: 'late',
    source: list(1),
    timeout: '1s',
    run: (_item: Item, ctx: Context) => {
      ctx.signal.addEventListener('abort', () => {
        aborted = true
      })
      return new Promise<void>((resolve) => bench.clock.setTimer(resolve, 3_000))
    },
  })
  const report = await bench.finish(started)
  expect(aborted).toBe(true)
  expect(report.counts.succeeded).toBe(1)
  expect(report.attempts.total).toBe(1)
})

test('a handler that never settles is left behind as a timeout; when all slots are lost so, the batch stops and says why', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'stuck',
    source: list(100),
    concurrency: 2,
    timeout: '2s',
    policy: { timeout: 'quarantine' },
    run: (item: Item) => (item.n < 2 ? never() : new Promise<void>((resolve) => bench.clock.setTimer(resolve, 1_000))),
  })
  const heard = bench.listen(started)
  const report = await bench.finish(started)
  expect(heard.filter((event) => event.type === 'notice' && event.code === 'RD-ABANDONED')).toHaveLength(2)
  expect(report.state).toBe('stopped')
  expect(report.exitCode).toBe(4)
  expect(report.stopReason).toContain('isolate')
  expect(report.counts.quarantined).toBe(2)
})

test('a fatal error stops the batch early, quarantines its item, and the rest goes on when it is resumed', async () => {
  const bench = await openBench()
  let broken = true
  const definition = {
    name: 'fatal',
    source: list(50),
    concurrency: 1,
    run: (item: Item, ctx: Context) => (broken && item.n === 20 ? ctx.fail('fatal', 'the key is wrong') : undefined),
  }
  const first = await bench.finish(await bench.start(definition))
  expect(first).toMatchObject({ state: 'stopped', exitCode: 4, counts: { succeeded: 20, quarantined: 1 } })
  broken = false
  const started = await bench.start(definition)
  expect(started.resumedFrom).toBe('stopped')
  const second = await bench.finish(started)
  expect(second).toMatchObject({
    batchId: first.batchId,
    resumedFrom: first.batchId,
    counts: { read: 50, succeeded: 49, quarantined: 1 },
  })
})

test('limits stop the batch: by number in all, and by share over the last items', async () => {
  const bench = await openBench()
  const run = (item: Item) => {
    if (item.n % 2 === 1) throw new TypeError('no')
  }
  const byNumber = await bench.finish(
    await bench.start({ name: 'number', source: list(100), concurrency: 1, stopWhen: { failures: 5 }, run }),
  )
  expect(byNumber).toMatchObject({ state: 'stopped', counts: { quarantined: 5 } })
  const byShare = await bench.finish(
    await bench.start({
      name: 'share',
      source: list(100),
      concurrency: 1,
      stopWhen: { failureRate: 0.5, over: 20 },
      run,
    }),
  )
  expect(byShare.state).toBe('stopped')
  expect(byShare.stopReason).toMatch(/over|of the last/)
})

test('pausing lets what runs end and nothing new start; resuming goes on', async () => {
  const bench = await openBench()
  let begun = 0
  const started = await bench.start({
    name: 'pause',
    source: list(100),
    concurrency: 4,
    run: () => {
      begun++
      return new Promise<void>((resolve) => bench.clock.setTimer(resolve, 100))
    },
  })
  await bench.until(() => begun >= 8, 10_000, 10)
  const pausing = started.batch.pause()
  await bench.clock.advance(500)
  await pausing
  expect((await bench.store.runs.get(started.batch.id))!.state).toBe('paused')
  const then = begun
  await bench.clock.advance(60_000)
  expect(begun).toBe(then)
  await started.batch.resume()
  expect((await bench.finish(started)).counts.succeeded).toBe(100)
})

test('cancelling is for good: what runs is aborted, what waits is cancelled, and twice is the same as once', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'cancel',
    source: list(20),
    concurrency: 4,
    policy: { transient: { base: '60s', max: '60s', jitter: 'none' } },
    run: (item: Item, ctx: Context) => {
      if (item.n < 2) throw reset()
      return new Promise<void>((_, reject) => {
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))
      })
    },
  })
  await bench.until(() => started.run.running === 4 && started.run.counts.states.waiting === 2)
  await Promise.all([started.batch.cancel(), started.batch.cancel(), bench.clock.advance(1_000)])
  const report = await started.batch.done
  expect(report.state).toBe('cancelled')
  expect(report.counts).toMatchObject({ read: 6, cancelled: 6, waiting: 0, running: 0 })
  expect(bench.clock.timers).toBe(0)
  await expect(
    bench.start({ name: 'cancel', source: list(20), run: () => {} }, { resume: report.batchId }),
  ).rejects.toMatchObject({ code: 'RD-1502' })
})

test('after an interruption nothing that succeeded runs again', async () => {
  const bench = await openBench()
  const calls: number[] = []
  const definition = {
    name: 'interrupt',
    source: list(200),
    concurrency: 8,
    run: (item: Item) => {
      calls.push(item.n)
      return new Promise<void>((resolve) => bench.clock.setTimer(resolve, 10))
    },
  }
  const first = await bench.start(definition)
  await bench.until(() => calls.length >= 50, 10_000, 5)
  const interrupting = first.run.interrupt()
  await bench.clock.advance(100)
  await interrupting
  expect((await first.batch.done).exitCode).toBe(130)
  const report = await bench.finish(await bench.start(definition))
  expect(report.counts.succeeded).toBe(200)
  expect(calls.length).toBe(200)
})

test('a start that finds a living owner is refused', async () => {
  const bench = await openBench()
  const definition = { name: 'owned', source: list(3), run: never }
  const started = await bench.start(definition)
  await expect(bench.start(definition)).rejects.toMatchObject({ code: 'RD-1401', exitCode: 6 })
  await Promise.all([started.run.interrupt(true), bench.clock.advance(2_000)])
})

test('a run whose lease was taken writes nothing more and says so', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'fenced',
    source: list(50),
    concurrency: 1,
    run: () => new Promise<void>((resolve) => bench.clock.setTimer(resolve, 100)),
  })
  await bench.clock.advance(500)
  const batch = (await bench.store.runs.get(started.batch.id))!
  const owner = { ...batch.lease!.owner, runnerId: 'another', pid: 1 }
  const nowMs = bench.clock.wallMs()
  await bench.store.runs.claim({ batchId: batch.id, owner, nowMs, expiresAtMs: nowMs + 10_000, deadEpoch: batch.epoch })
  const succeeded = (await bench.store.runs.counts(batch.id)).succeeded
  await expect(bench.finish(started)).rejects.toMatchObject({ code: 'RD-1402' })
  expect((await bench.store.runs.counts(batch.id)).succeeded).toBe(succeeded)
})

test('what a handler leaves rejected is told as an event and ends nothing', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'detached',
    source: list(3),
    run: () => {
      void Promise.reject(new Error('left behind'))
      return new Promise<void>((resolve) => bench.clock.setTimer(resolve, 100))
    },
  })
  const heard = bench.listen(started)
  const report = await bench.finish(started)
  expect(report.counts.succeeded).toBe(3)
  expect(heard.some((event) => event.type === 'notice' && event.code === 'RD-UNHANDLED')).toBe(true)
})

test('the deadline of a batch stops it, to be resumed', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'deadline',
    source: list(10),
    concurrency: 1,
    deadline: '5s',
    run: (_item: Item, ctx: Context) =>
      new Promise<void>((resolve, reject) => {
        bench.clock.setTimer(resolve, 2_000)
        ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))
      }),
  })
  const report = await bench.finish(started)
  expect(report).toMatchObject({ state: 'stopped', counts: { succeeded: 2, quarantined: 0 } })
  expect(report.stopReason).toContain('deadline')
})

test('at most so many items wait at once: beyond that the source is not read', async () => {
  const bench = await openBench()
  const started = await bench.start({
    name: 'parked',
    source: list(1_000),
    parked: 50,
    policy: { transient: { base: '60s', max: '60s', jitter: 'none', attempts: 2 } },
    run: (_item: Item, ctx: Context) => {
      if (ctx.attempt === 1) throw reset()
    },
  })
  await bench.clock.advance(10_000)
  // One more for each slot that was under way when the limit was reached.
  expect(started.run.counts.states.waiting).toBeLessThanOrEqual(50 + 16)
  expect(started.run.read).toBeLessThanOrEqual(50 + 16)
  expect((await bench.finish(started, 3_600_000, 1_000)).counts.succeeded).toBe(1_000)
})

test('an early deadline of a retry is never taken: no retry before its stored time, though the wall clock jumps', async () => {
  const bench = await openBench()
  const at: number[] = []
  const started = await bench.start({
    name: 'jump',
    source: list(1),
    policy: { transient: { base: '10s', max: '10s', jitter: 'none' } },
    run: (_item: Item, ctx: Context) => {
      at.push(bench.clock.monotonicMs())
      if (ctx.attempt === 1) throw reset()
    },
  })
  await bench.clock.advance(100)
  bench.clock.jumpWall(3_600_000)
  await bench.finish(started)
  expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(10_000)
})
