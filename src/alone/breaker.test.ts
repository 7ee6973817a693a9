import { expect, test } from 'vitest'
import type { BreakerOptions } from '../model/policy.ts'
import { breaker, createLoneBreaker } from './breaker.ts'
import { createRetry } from './retry.ts'

function virtual(options?: BreakerOptions) {
  const clock = { nowMs: 0 }
  return { clock, bank: createLoneBreaker('bank', options, { now: () => clock.nowMs, wallNow: () => clock.nowMs }) }
}
const fail = () => {
  throw new Error('bank is down')
}
const settled = (calls: Promise<unknown>[]) => Promise.allSettled(calls)

async function opened(options?: BreakerOptions) {
  const at = virtual(options)
  for (let i = 0; i < 20; i++) await at.bank.call(fail).catch(() => {})
  expect(at.bank.state).toBe('open')
  return at
}

/** A call that settles when it is told to. */
function pending() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  return { fn: () => promise, resolve: () => resolve('late'), reject }
}

test('closed it answers and rejects as the function does', async () => {
  const { bank } = virtual()
  expect(await bank.call(() => 1)).toBe(1)
  expect(await bank.call(async () => 'x')).toBe('x')
  await expect(bank.call(fail)).rejects.toThrow('bank is down')
  expect(bank.state).toBe('closed')
})

test('open it rejects at once, without a call, and says until when', async () => {
  const { bank, clock } = await opened()
  clock.nowMs += 800
  let calls = 0
  const refused = await bank.call(() => calls++).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    code: 'RD-1801',
    retryable: true,
    retryAfterMs: 4_200,
    message: "RD-1801: breaker 'bank' is open, next probe in 4.2 s",
    why: '20 of the last 20 calls failed',
  })
  expect(calls).toBe(0)
})

test('it closes after three probes that succeed', async () => {
  const { bank, clock } = await opened()
  clock.nowMs += 5_000
  for (const state of ['half-open', 'half-open', 'closed']) {
    await bank.call(() => 1)
    expect(bank.state).toBe(state)
  }
})

test('errors that are the caller’s own do not open it', async () => {
  const { bank } = virtual()
  const invalid = () => {
    throw Object.assign(new Error('Unprocessable'), { status: 422 })
  }
  for (let i = 0; i < 200; i++) await bank.call(invalid).catch(() => {})
  expect(bank.state).toBe('closed')
})

test('a late success of a call begun before the opening does not close it', async () => {
  const at = virtual()
  const late = pending()
  const early = at.bank.call(late.fn)
  for (let i = 0; i < 20; i++) await at.bank.call(fail).catch(() => {})
  late.resolve()
  expect(await early).toBe('late')
  expect(at.bank.state).toBe('open')
  let calls = 0
  await settled(Array.from({ length: 20 }, () => at.bank.call(() => calls++)))
  expect(calls).toBe(0)
})

test('200 callers beside hung probes fail at once', async () => {
  const { bank, clock } = await opened()
  clock.nowMs += 5_000
  for (let i = 0; i < 3; i++) void bank.call(pending().fn)
  const outcomes = await settled(Array.from({ length: 200 }, () => bank.call(() => 1)))
  expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.code === 'RD-1801')).toBe(true)
  expect(bank.state).toBe('half-open')
  // Hung for good: given up, and probed again.
  clock.nowMs += 60_000
  await settled([bank.call(() => 1)])
  expect(bank.state).toBe('open')
  clock.nowMs += 10_000
  expect(await bank.call(() => 1)).toBe(1)
})

test('500 callers at its closing make no burst', async () => {
  const { bank, clock } = await opened()
  clock.nowMs += 5_000
  for (let i = 0; i < 3; i++) await bank.call(() => 1)
  let inFlight = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inFlight)
    await Promise.resolve()
    inFlight--
  }
  const mosts: number[] = []
  for (let round = 0; round < 10; round++) {
    most = 0
    await settled(Array.from({ length: 500 }, () => bank.call(work)))
    mosts.push(most)
  }
  expect(mosts).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 500, 500])
})

test('calls that hang since before the opening do not fill the ramp', async () => {
  const at = virtual()
  for (let i = 0; i < 50; i++) void at.bank.call(pending().fn)
  for (let i = 0; i < 20; i++) await at.bank.call(fail).catch(() => {})
  at.clock.nowMs += 5_000
  for (let i = 0; i < 3; i++) await at.bank.call(() => 1)
  expect(await at.bank.call(() => 1)).toBe(1)
})

test('under retry the wait lasts until the breaker is due', async () => {
  const { bank, clock } = await opened()
  const retry = createRetry({
    now: () => clock.nowMs,
    wallNow: () => clock.nowMs,
    random: () => 0,
    sleep: async (delayMs) => {
      clock.nowMs += delayMs
    },
  })
  expect(await retry(() => bank.call(() => 'paid'))).toBe('paid')
  expect(clock.nowMs).toBe(5_000)
})

test('bad options and names are refused', () => {
  expect(() => breaker('bank', { failureRate: 5 })).toThrow(/RD-1101: breaker\.failureRate is 5/)
  expect(() => breaker('')).toThrow(/the name of a breaker is ''/)
})

test('the real world has a breaker too', async () => {
  const bank = breaker('bank', { over: 1, open: '1h' })
  await bank.call(fail).catch(() => {})
  await expect(bank.call(() => 1)).rejects.toMatchObject({ code: 'RD-1801' })
})
