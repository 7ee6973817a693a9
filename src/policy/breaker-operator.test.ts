import { describe, expect, test } from 'vitest'
import { type Breaker, type BreakerSnapshot, createBreaker } from './breaker.ts'

interface Setting {
  breaker: Breaker
  nowMs: number
}

/** Admits and records one call that takes a millisecond. */
function call({ breaker, nowMs }: Setting, outcome: 'success' | 'failure') {
  const probe = breaker.admit(nowMs) === 'probe'
  return breaker.record({ epoch: breaker.epoch, probe, outcome, durationMs: 1 }, nowMs)
}
function calls(at: Setting, count: number, outcome: 'success' | 'failure') {
  let change: ReturnType<typeof call>
  for (let i = 0; i < count; i++) change = call(at, outcome) ?? change
  return change
}
const start = (): Setting => ({ breaker: createBreaker(undefined), nowMs: 1_000 })
function opened(): Setting {
  const at = start()
  expect(calls(at, 20, 'failure')).toMatchObject({ to: 'open' })
  return at
}
function closedAgain(): Setting {
  const at = opened()
  at.nowMs += 5_000
  expect(calls(at, 3, 'success')).toMatchObject({ to: 'closed' })
  return at
}

describe('an operator', () => {
  test('opens it until a time, then it is probed', () => {
    const at = start()
    expect(at.breaker.force('open', at.nowMs, at.nowMs + 600_000)).toEqual({
      from: 'closed',
      to: 'open',
      why: 'forced by an operator',
    })
    expect(at.breaker.admit(at.nowMs + 599_999)).toBe('refuse')
    expect(at.breaker.admit(at.nowMs + 600_000)).toBe('probe')
  })

  test('opens it until he says otherwise', () => {
    const at = start()
    at.breaker.force('open', at.nowMs, Number.POSITIVE_INFINITY)
    expect(at.breaker.admit(1e15)).toBe('refuse')
    expect(at.breaker.reset(1e15)).toEqual({ from: 'open', to: 'closed', why: 'reset by an operator' })
    expect(at.breaker.admit(1e15)).toBe('call')
    expect(at.breaker.rampLimit(1e15)).toBe(1)
  })

  test('keeps it closed whatever happens until a time', () => {
    const at = opened()
    expect(at.breaker.force('closed', at.nowMs, at.nowMs + 1_000)).toMatchObject({ from: 'open', to: 'closed' })
    expect(calls(at, 100, 'failure')).toBeUndefined()
    at.nowMs += 1_000
    expect(call(at, 'failure')).toMatchObject({ to: 'open' })
  })

  test('closes it without a time: it is judged as ever', () => {
    const at = opened()
    at.breaker.force('closed', at.nowMs)
    expect(calls(at, 5, 'failure')).toMatchObject({ to: 'open' })
  })

  test('changes how long it is open, without a change of phase', () => {
    const at = opened()
    expect(at.breaker.force('open', at.nowMs, at.nowMs + 600_000, 'INC-42')).toBeUndefined()
    expect(at.breaker).toMatchObject({ openUntilMs: at.nowMs + 600_000, why: 'INC-42' })
    at.breaker.force('open', at.nowMs)
    expect(at.breaker.openUntilMs).toBe(at.nowMs + 5_000)
  })

  test('forgets all of a closed one by a reset', () => {
    const at = start()
    calls(at, 19, 'failure')
    expect(at.breaker.reset(at.nowMs)).toBeUndefined()
    expect(calls(at, 19, 'failure')).toBeUndefined()
  })

  test('is not needed when items exhaust their retries: it opens with a reason and probes as ever', () => {
    const at = start()
    expect(at.breaker.force('open', at.nowMs, undefined, '3 items exhausted their retries')).toMatchObject({
      why: '3 items exhausted their retries',
    })
    expect(at.breaker.openUntilMs).toBe(at.nowMs + 5_000)
  })
})

describe('a snapshot', () => {
  const wallMs = 1_700_000_000_000
  const through = (breaker: Breaker, nowMs: number) =>
    JSON.parse(JSON.stringify(breaker.toJSON(wallMs, nowMs))) as BreakerSnapshot
  const restored = (snapshot: BreakerSnapshot, nowWallMs: number, nowMs = 50) =>
    createBreaker(undefined, { snapshot, nowWallMs, nowMs })

  test('of an open breaker is open in another process until the same moment', () => {
    const at = opened()
    at.nowMs += 2_000
    const breaker = restored(through(at.breaker, at.nowMs), wallMs + 1_000)
    expect(breaker).toMatchObject({ phase: 'open', openUntilMs: 2_050, why: '20 of the last 20 calls failed' })
    expect(breaker.epoch).toBeGreaterThan(at.breaker.epoch)
    expect(breaker.admit(2_050)).toBe('probe')
  })

  test.each([-3_600_000, 3_600_000, -1e13])('stands a wall clock that jumped by %d ms', (jumpMs) => {
    const at = opened()
    const breaker = restored(through(at.breaker, at.nowMs), wallMs + jumpMs)
    expect(breaker.openUntilMs).toBeLessThanOrEqual(50 + 5_000)
    expect(breaker.admit(5_050)).toBe('probe')
  })

  test('of a half-open breaker is due for a probe', () => {
    const at = opened()
    at.nowMs += 5_000
    at.breaker.admit(at.nowMs)
    const breaker = restored(through(at.breaker, at.nowMs), wallMs)
    expect(breaker.phase).toBe('open')
    expect(breaker.admit(50)).toBe('probe')
  })

  test('keeps what an operator said', () => {
    const at = start()
    at.breaker.force('open', at.nowMs, Number.POSITIVE_INFINITY)
    expect(restored(through(at.breaker, at.nowMs), wallMs).admit(1e15)).toBe('refuse')
    at.breaker.force('open', at.nowMs, at.nowMs + 3_600_000)
    expect(restored(through(at.breaker, at.nowMs), wallMs).openUntilMs).toBe(50 + 3_600_000)
    at.breaker.force('closed', at.nowMs, at.nowMs + 3_600_000)
    const closed = { breaker: restored(through(at.breaker, at.nowMs), wallMs), nowMs: 50 }
    calls(closed, 100, 'failure')
    expect(closed.breaker.phase).toBe('closed')
  })

  test('keeps how often probes have failed, and that it ramps up', () => {
    const at = opened()
    at.nowMs += 5_000
    call(at, 'failure')
    const again = { breaker: restored(through(at.breaker, at.nowMs), wallMs), nowMs: 10_050 }
    call(again, 'failure')
    expect(again.breaker.openUntilMs - again.nowMs).toBe(20_000)
    const ramping = closedAgain()
    expect(restored(through(ramping.breaker, ramping.nowMs), wallMs).rampLimit(50)).toBe(1)
    expect(restored(through(createBreaker(undefined), 0), wallMs).rampLimit(50)).toBe(Number.POSITIVE_INFINITY)
  })

  test.each([{ version: 2 }, {}, { version: 1, epoch: 'x' }])('that is none (%j) begins closed', (snapshot) => {
    expect(restored(snapshot as unknown as BreakerSnapshot, wallMs).phase).toBe('closed')
  })
})
