import { describe, expect, test } from 'vitest'
import { errorTypes } from '../model/classification.ts'
import type { BreakerOptions } from '../model/policy.ts'
import { type Breaker, countsForBreaker, createBreaker } from './breaker.ts'

type Outcome = 'success' | 'failure' | 'ignored'
interface Setting {
  breaker: Breaker
  nowMs: number
}

/** Admits and records one call that takes no time. */
function call(at: Setting, outcome: Outcome, durationMs = 1) {
  const admitted = at.breaker.admit(at.nowMs)
  const { epoch } = at.breaker
  if (admitted === 'refuse') return 'refuse'
  return at.breaker.record({ epoch, probe: admitted === 'probe', outcome, durationMs }, at.nowMs)
}
function calls(at: Setting, count: number, outcome: Outcome, durationMs = 1) {
  let change: ReturnType<typeof call>
  for (let i = 0; i < count; i++) change = call(at, outcome, durationMs) ?? change
  return change
}
const start = (options?: BreakerOptions, probes?: number): Setting => ({
  breaker: createBreaker(options, undefined, probes ? { probes } : {}),
  nowMs: 1_000,
})
function opened(options?: BreakerOptions, probes?: number): Setting {
  const at = start(options, probes)
  calls(at, 20, 'failure')
  expect(at.breaker.phase).toBe('open')
  return at
}
function closedAgain(): Setting {
  const at = opened()
  at.nowMs += 5_000
  calls(at, 3, 'success')
  expect(at.breaker.phase).toBe('closed')
  return at
}

describe('a closed breaker', () => {
  test('lets everything through and opens when the share of failures is reached, not before 20 calls', () => {
    const at = start()
    expect(calls(at, 10, 'success')).toBeUndefined()
    expect(calls(at, 9, 'failure')).toBeUndefined()
    expect(call(at, 'failure')).toEqual({ from: 'closed', to: 'open', why: '10 of the last 20 calls failed' })
    expect(at.breaker).toMatchObject({
      phase: 'open',
      openUntilMs: 6_000,
      epoch: 2,
      why: '10 of the last 20 calls failed',
    })
  })

  test('is judged on a success as well', () => {
    const at = start()
    calls(at, 19, 'failure')
    expect(at.breaker.phase).toBe('closed')
    expect(call(at, 'success')).toMatchObject({ to: 'open', why: '19 of the last 20 calls failed' })
  })

  test('looks at the last calls only', () => {
    const at = start({ over: 100 })
    calls(at, 1000, 'success')
    calls(at, 49, 'failure')
    calls(at, 51, 'success')
    calls(at, 49, 'failure')
    expect(at.breaker.phase).toBe('closed')
    expect(call(at, 'failure')).toMatchObject({ why: '50 of the last 100 calls failed' })
  })

  test('is judged from `over` calls on if that is less than 20', () => {
    const at = start({ over: 4, failureRate: 1 })
    expect(calls(at, 3, 'failure')).toBeUndefined()
    expect(call(at, 'failure')).toMatchObject({ why: '4 of the last 4 calls failed' })
  })

  test('opens at a share of 0 with the first failure that is judged, never without one', () => {
    const at = start({ failureRate: 0, over: 30 })
    calls(at, 300, 'success')
    expect(call(at, 'failure')).toMatchObject({ to: 'open', why: '1 of the last 30 calls failed' })
  })

  test('opens at exactly the share, also where it has no exact number', () => {
    const at = start({ failureRate: 0.07 })
    calls(at, 100, 'success')
    calls(at, 6, 'failure')
    expect(at.breaker.phase).toBe('closed')
    expect(call(at, 'failure')).toMatchObject({ to: 'open' })
  })

  test('does not see what is ignored', () => {
    const at = start()
    calls(at, 500, 'ignored')
    calls(at, 19, 'failure')
    calls(at, 500, 'ignored')
    expect(at.breaker.phase).toBe('closed')
    expect(call(at, 'failure')).toMatchObject({ why: '20 of the last 20 calls failed' })
  })

  test('opens for slow calls, of whatever outcome', () => {
    const at = start({ slow: '500ms', slowRate: 0.8 })
    calls(at, 4, 'success', 500)
    calls(at, 14, 'success', 501)
    calls(at, 1, 'failure', 501)
    expect(call(at, 'success', 9_000)).toMatchObject({
      to: 'open',
      why: '16 of the last 20 calls took longer than 500 ms',
    })
  })

  test('forgets slow calls that are not among the last', () => {
    const at = start({ slow: '1s', slowRate: 0.6, over: 20 })
    calls(at, 11, 'success', 2_000)
    calls(at, 40, 'success', 1)
    calls(at, 11, 'success', 2_000)
    expect(at.breaker.phase).toBe('closed')
    expect(call(at, 'success', 2_000)).toMatchObject({ why: '12 of the last 20 calls took longer than 1000 ms' })
  })

  test('knows no slow calls by default', () => {
    const at = start()
    calls(at, 100, 'success', 1e9)
    expect(at.breaker.phase).toBe('closed')
  })
})

describe('an open breaker', () => {
  test('refuses until it is due, then lets at most 3 probes be in flight', () => {
    const at = opened()
    expect([0, 1, 4_999].map((ms) => at.breaker.admit(at.nowMs + ms))).toEqual(['refuse', 'refuse', 'refuse'])
    at.nowMs += 5_000
    expect([1, 2, 3, 4, 5].map(() => at.breaker.admit(at.nowMs))).toEqual([
      'probe',
      'probe',
      'probe',
      'refuse',
      'refuse',
    ])
    expect(at.breaker).toMatchObject({ phase: 'half-open', openUntilMs: 0 })
    expect(at.breaker.takeChange()).toEqual({ from: 'open', to: 'half-open', why: 'time for a probe' })
    expect(at.breaker.takeChange()).toBeUndefined()
  })

  test('closes after 3 successes in a row', () => {
    const at = opened()
    at.nowMs += 5_000
    expect(calls(at, 2, 'success')).toBeUndefined()
    expect(call(at, 'success')).toEqual({ from: 'half-open', to: 'closed', why: '3 probes succeeded' })
  })

  test('opens for twice as long with each failed probe, up to 60 s, and begins anew once it has closed', () => {
    const at = opened()
    const waits: number[] = []
    for (let i = 0; i < 7; i++) {
      waits.push(at.breaker.openUntilMs - at.nowMs)
      at.nowMs = at.breaker.openUntilMs
      calls(at, 2, 'success')
      expect(call(at, 'failure')).toEqual({ from: 'half-open', to: 'open', why: 'a probe failed' })
    }
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
    at.nowMs = at.breaker.openUntilMs
    calls(at, 3, 'success')
    expect(calls(at, 5, 'failure')).toMatchObject({ to: 'open' })
    expect(at.breaker.openUntilMs - at.nowMs).toBe(5_000)
  })

  test('configured above 60 s stays open as long as that', () => {
    const at = opened({ open: '2m' })
    expect(at.breaker.openUntilMs - at.nowMs).toBe(120_000)
    at.nowMs += 120_000
    call(at, 'failure')
    expect(at.breaker.openUntilMs - at.nowMs).toBe(120_000)
  })

  test('gives a probe’s slot back when its outcome is ignored', () => {
    const at = opened()
    at.nowMs += 5_000
    expect(calls(at, 50, 'ignored')).toBeUndefined()
    expect(at.breaker.phase).toBe('half-open')
    expect([1, 2, 3, 4].map(() => at.breaker.admit(at.nowMs))).toEqual(['probe', 'probe', 'probe', 'refuse'])
  })

  test('opens again when probes succeed too slowly', () => {
    const at = opened({ slow: '1s', slowRate: 0.5 })
    at.nowMs += 5_000
    calls(at, 2, 'success', 2_000)
    expect(call(at, 'success', 1)).toMatchObject({ to: 'open', why: '2 of 3 probes took longer than 1000 ms' })
  })

  test('does not hold slow probes of an earlier time against it', () => {
    const at = opened({ slow: '1s', slowRate: 0.5 })
    at.nowMs += 5_000
    call(at, 'success', 2_000)
    call(at, 'failure')
    at.nowMs += 10_000
    call(at, 'success', 2_000)
    expect(calls(at, 2, 'success', 1)).toMatchObject({ to: 'closed' })
  })

  test('counts fewer probes if it is told to', () => {
    const at = opened({}, 1)
    at.nowMs += 5_000
    expect([1, 2].map(() => at.breaker.admit(at.nowMs))).toEqual(['probe', 'refuse'])
    expect(
      at.breaker.record({ epoch: at.breaker.epoch, probe: true, outcome: 'success', durationMs: 1 }, at.nowMs),
    ).toMatchObject({ why: '1 probe succeeded' })
  })
})

describe('where peers fail', () => {
  test('a late success of a call begun before the opening closes nothing', () => {
    const at = start()
    const early = { epoch: at.breaker.epoch, probe: false, outcome: 'success', durationMs: 9_000 } as const
    calls(at, 20, 'failure')
    for (let i = 0; i < 20; i++) expect(at.breaker.record(early, at.nowMs)).toBeUndefined()
    expect(at.breaker.phase).toBe('open')
    at.nowMs += 5_000
    at.breaker.admit(at.nowMs)
    for (let i = 0; i < 20; i++) expect(at.breaker.record(early, at.nowMs)).toBeUndefined()
    expect(at.breaker.phase).toBe('half-open')
    expect([1, 2, 3].map(() => at.breaker.admit(at.nowMs))).toEqual(['probe', 'probe', 'refuse'])
  })

  test('a late result of a probe of an earlier epoch changes nothing either', () => {
    const at = opened()
    at.nowMs += 5_000
    at.breaker.admit(at.nowMs)
    const early = { epoch: at.breaker.epoch, probe: true, durationMs: 9_000 } as const
    call(at, 'failure')
    at.nowMs += 10_000
    at.breaker.admit(at.nowMs)
    for (const outcome of ['success', 'success', 'success', 'failure'] as const) {
      expect(at.breaker.record({ ...early, outcome }, at.nowMs)).toBeUndefined()
    }
    expect(at.breaker.phase).toBe('half-open')
  })

  test('hung probes make others fail at once, not wait, and are given up: 60 s, 120 s, … later', () => {
    const at = opened()
    at.nowMs += 5_000
    for (let i = 0; i < 3; i++) at.breaker.admit(at.nowMs)
    for (let i = 0; i < 200; i++) expect(at.breaker.admit(at.nowMs + i)).toBe('refuse')
    expect(at.breaker.admit(at.nowMs + 59_999)).toBe('refuse')
    expect(at.breaker.phase).toBe('half-open')
    at.breaker.takeChange()
    at.nowMs += 60_000
    expect(at.breaker.admit(at.nowMs)).toBe('refuse')
    expect(at.breaker.takeChange()).toEqual({ from: 'half-open', to: 'open', why: 'no probe has settled in 60 s' })
    at.nowMs = at.breaker.openUntilMs
    for (let i = 0; i < 3; i++) expect(at.breaker.admit(at.nowMs)).toBe('probe')
    at.breaker.admit(at.nowMs + 60_000)
    expect(at.breaker.phase).toBe('half-open')
    at.breaker.admit(at.nowMs + 120_000)
    expect(at.breaker.phase).toBe('open')
  })

  test('after it has closed, hung probes are given up after 60 s again', () => {
    const at = opened()
    at.nowMs += 5_000
    for (let i = 0; i < 3; i++) at.breaker.admit(at.nowMs)
    at.breaker.admit(at.nowMs + 60_000)
    at.nowMs = at.breaker.openUntilMs
    calls(at, 3, 'success')
    calls(at, 5, 'failure')
    at.nowMs += 5_000
    for (let i = 0; i < 3; i++) at.breaker.admit(at.nowMs)
    at.breaker.admit(at.nowMs + 60_000)
    expect(at.breaker.phase).toBe('open')
  })

  test('one hung probe does not keep the others from closing it', () => {
    const at = opened()
    at.nowMs += 5_000
    at.breaker.admit(at.nowMs)
    expect(calls(at, 3, 'success')).toMatchObject({ to: 'closed' })
  })

  test('closing releases no burst: 1, 2, 4, … in flight, doubling with as many successes, up to 256', () => {
    const at = closedAgain()
    const limits = [at.breaker.rampLimit(at.nowMs)]
    for (let i = 1; i <= 255; i++) {
      call(at, 'success')
      const limit = at.breaker.rampLimit(at.nowMs)
      if (limit !== limits.at(-1)) limits.push(limit)
    }
    expect(limits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, Number.POSITIVE_INFINITY])
  })

  test('while it ramps up 5 failed calls are enough to open it again', () => {
    const at = closedAgain()
    expect(calls(at, 4, 'failure')).toBeUndefined()
    expect(call(at, 'failure')).toMatchObject({ to: 'open', why: '5 of the last 5 calls failed' })
    expect(at.breaker.rampLimit(at.nowMs)).toBe(Number.POSITIVE_INFINITY)
  })

  test('a ramp goes on by time when answers are neither success nor failure, not when there are none or failures', () => {
    const at = closedAgain()
    expect(at.breaker.rampLimit(at.nowMs + 60_000)).toBe(1)
    call(at, 'failure')
    expect(at.breaker.rampLimit(at.nowMs + 60_000)).toBe(1)
    call(at, 'ignored')
    expect(at.breaker.rampLimit(at.nowMs + 4_999)).toBe(1)
    expect(at.breaker.rampLimit(at.nowMs + 5_000)).toBe(2)
    expect(at.breaker.rampLimit(at.nowMs + 60_000)).toBe(2)
  })
})

test('only network, timeout and dependency errors count', () => {
  expect(errorTypes.filter((type) => countsForBreaker(type) === 'failure')).toEqual([
    'network',
    'timeout',
    'dependency',
  ])
})

test.each<[object, RegExp]>([
  [{ failureRate: 50 }, /RD-1101: breaker\.failureRate is 50, not a number from 0 to 1/],
  [{ over: 0 }, /breaker\.over is 0/],
  [{ slow: 500 }, /breaker\.slow is 500, not a length of time/],
  [{ slowRate: -1 }, /breaker\.slowRate/],
  [{ open: '5' }, /breaker\.open is '5'/],
  [{ failurRate: 0.5 }, /RD-1102: breaker\.failurRate is not known: did you mean 'failureRate'/],
])('%j is refused', (options, message) => {
  expect(() => createBreaker(options as BreakerOptions)).toThrow(message)
})

test('changes that nobody takes do not pile up', () => {
  const at = opened()
  for (let i = 0; i < 1000; i++) {
    at.nowMs = at.breaker.openUntilMs
    call(at, 'failure')
  }
  let taken = 0
  while (at.breaker.takeChange()) taken++
  expect(taken).toBe(16)
})
