import { expect, test } from 'vitest'
import { itemStates } from '../model/item.ts'
import type { BatchRun } from '../runner/run.ts'
import { createRateMeter } from './rate-meter.ts'
import { runProgress, type Shown } from './run-progress.ts'

const shown = { job: 'orders', startedAtMs: 0 }

/** 400 items succeeded and 10 quarantined of 1,000 that were read. */
function snapshot(more: Partial<Shown>, reach: Partial<BatchRun['reach']> = {}) {
  const states = {
    ...Object.fromEntries(itemStates.map((state) => [state, 0])),
    succeeded: 400,
    quarantined: 10,
    held: 5,
  }
  const breaker = { phase: 'open', openUntilMs: 5_000 }
  const run = {
    id: 'b_1',
    read: 1_000,
    running: 8,
    paused: false,
    counts: {
      states,
      groups: new Map([
        ['a', { id: 'a', title: 'few', count: 1 }],
        ['b', { id: 'b', title: 'many', count: 9 }],
      ]),
    },
    dependencies: new Map([
      ['api', { name: 'api', breaker, held: { size: 5 } }],
      ['db', { name: 'db', breaker: undefined, held: { size: 0 } }],
    ]),
    reach: { cursor: { position: 500, byte: 10_000 }, exhausted: false, ...reach },
  } as unknown as BatchRun
  const rate = createRateMeter()
  rate.add(0, 0)
  return runProgress(run, { ...shown, ...more }, { nowMs: 4_100, monotonicMs: 4_000, rate, notices: [] })
}

test('counts, groups and breakers are those of the run', () => {
  expect(snapshot({})).toMatchObject({
    job: 'orders',
    batchId: 'b_1',
    state: 'running',
    read: 1_000,
    done: 410,
    succeeded: 400,
    quarantined: 10,
    held: 5,
    running: 8,
    ratePerS: 100,
    elapsedMs: 4_100,
    groups: [{ id: 'b' }, { id: 'a' }],
    breakers: [{ name: 'api', phase: 'open', held: 5, nextProbeInMs: 1_000 }],
  })
})

test.each([
  ['is not known of a stream', {}, {}, undefined, undefined, undefined],
  ['is judged by the bytes so far', { sizeBytes: 40_000 }, {}, 2_000, true, 15_900],
  ['is never less than what was read', { sizeBytes: 11_000 }, {}, 1_000, true, 5_900],
  ['is the limit if that is less', { sizeBytes: 40_000, limit: 1_200 }, {}, 1_200, false, 7_900],
  ['is the limit of a stream', { limit: 1_200 }, {}, 1_200, false, 7_900],
  ['is exact when the source has ended', { sizeBytes: 40_000 }, { exhausted: true }, 1_000, false, 5_900],
  [
    'is not judged before a part is durable',
    { sizeBytes: 40_000 },
    { cursor: { position: 0, byte: 10 } },
    undefined,
    undefined,
    undefined,
  ],
])('the total %s', (_, more, reach, total, totalIsEstimate, etaMs) => {
  expect(snapshot(more, reach)).toEqual(expect.objectContaining({ ...(total && { total, totalIsEstimate, etaMs }) }))
  expect(snapshot(more, reach).total).toBe(total)
})
