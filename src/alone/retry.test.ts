import vm from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { RetryPolicy } from '../model/policy.ts'
import { createRetry, type RetryAttempt, retry } from './retry.ts'

/** A world in which sleeping takes no time. */
function virtual(roll = 0.5) {
  const slept: number[] = []
  let nowMs = 1_000
  const world = {
    now: () => nowMs,
    wallNow: () => Date.UTC(2026, 0, 1),
    random: () => roll,
    sleep: async (delayMs: number) => {
      slept.push(delayMs)
      nowMs += delayMs
    },
  }
  return {
    retry: createRetry(world),
    slept,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}
const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

/** Throws what is listed, then answers `done`. */
function failing(...thrown: unknown[]) {
  const seen: number[] = []
  const fn = ({ attempt }: RetryAttempt) => {
    seen.push(attempt)
    if (seen.length <= thrown.length) throw thrown[seen.length - 1]
    return 'done'
  }
  return { fn, seen }
}

test('what fails for a while succeeds in the end, with the waits of the policy', async () => {
  const { retry, slept } = virtual(0)
  const { fn, seen } = failing(reset(), reset(), reset())
  expect(await retry(fn, { transient: { attempts: 5, base: '100ms', jitter: 'equal' } })).toBe('done')
  expect(seen).toEqual([1, 2, 3, 4])
  expect(slept).toEqual([50, 100, 200])
})

test('a first success waits for nothing', async () => {
  const { retry, slept } = virtual()
  expect(await retry(async ({ signal }) => (signal.aborted ? 0 : 1))).toBe(1)
  expect(slept).toEqual([])
})

test.each<[string, unknown]>([
  ['an error', reset()],
  ['a plain object', { code: 'ECONNRESET' }],
  ['an error of another realm', vm.runInNewContext("Object.assign(new Error('reset'), { code: 'ECONNRESET' })")],
  ['a fetch that failed', new TypeError('fetch failed', { cause: reset() })],
])('a lost connection is retried when it is %s, and the last one is thrown as it was', async (_name, thrown) => {
  const { retry } = virtual()
  const { fn, seen } = failing(...new Array(10).fill(thrown))
  const last = await retry(fn).catch((error: unknown) => error)
  expect(last).toBe(thrown)
  expect(seen).toEqual([1, 2, 3, 4])
})

test.each([null, undefined, 0, Symbol('x'), Number.NaN])('even %s is thrown as it was', async (thrown) => {
  const { retry } = virtual()
  const caught = await retry(
    () => {
      throw thrown
    },
    { recoverable: { attempts: 2 } },
  ).then(
    () => 'nothing',
    (error: unknown) => error,
  )
  expect(caught).toBe(thrown)
})

test('what is permanent is not retried', async () => {
  const { retry, slept } = virtual()
  const { fn, seen } = failing(new SyntaxError('Unexpected token } in JSON at position 3'))
  await expect(retry(fn)).rejects.toThrow('Unexpected token')
  expect(seen).toEqual([1])
  expect(slept).toEqual([])
})

test('Retry-After is a floor', async () => {
  const { retry, slept } = virtual(0)
  const busy = Object.assign(new Error('Too Many Requests'), { status: 429, headers: { 'retry-after': '30' } })
  const dated = Object.assign(new Error('busy'), {
    status: 503,
    headers: { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' },
  })
  expect(await retry(failing(busy, dated).fn)).toBe('done')
  expect(slept).toEqual([30_000, 60_000])
})

test('more than the elapsed limit since the first failure ends it', async () => {
  const { retry, pass } = virtual(0)
  let calls = 0
  const fn = () => {
    calls++
    pass(6_000)
    throw reset()
  }
  await expect(retry(fn, { transient: { attempts: 20, elapsed: '10s' } })).rejects.toThrow('ECONNRESET')
  expect(calls).toBe(3)
})

test('25 attempts are the most', async () => {
  const { retry } = virtual(0)
  const { fn, seen } = failing(...new Array(100).fill(reset()))
  await expect(retry(fn, { transient: { attempts: 1000 } })).rejects.toThrow('ECONNRESET')
  expect(seen.length).toBe(25)
})

test('the predicate has the last word', async () => {
  const { retry } = virtual(0)
  const { fn, seen } = failing(reset(), reset())
  await expect(retry(fn, { network: { when: ({ code }) => code !== 'ECONNRESET' } })).rejects.toThrow('ECONNRESET')
  expect(seen).toEqual([1])
})

test('the signal of an attempt aborts when that attempt has failed, never when it has succeeded', async () => {
  const { retry } = virtual(0)
  const signals: AbortSignal[] = []
  const failure = reset()
  await retry(({ attempt, signal }) => {
    signals.push(signal)
    if (attempt === 1) throw failure
  })
  expect(signals.map((signal) => signal.aborted)).toEqual([true, false])
  expect(signals[0]?.reason).toBe(failure)
})

describe('a wrapped function', () => {
  test('is the same function, retried: arguments, this, name, results', async () => {
    const { retry } = virtual(0)
    const bank = {
      calls: 0,
      fee: 2,
      async pay(amount: number, currency: string) {
        if (++this.calls < 3) throw reset()
        return `${amount + this.fee} ${currency}`
      },
    }
    const pay = bank.pay
    bank.pay = retry.wrap(pay, { network: { attempts: 3 } })
    expect(await bank.pay(1, 'EUR')).toBe('3 EUR')
    expect(bank.pay.name).toBe('pay')
    expect(bank.pay.length).toBe(2)
  })

  test('has attempts of its own for each call', async () => {
    const { retry } = virtual(0)
    let calls = 0
    const wrapped = retry.wrap(async () => {
      calls++
      throw reset()
    })
    await expect(wrapped()).rejects.toThrow()
    await expect(wrapped()).rejects.toThrow()
    expect(calls).toBe(8)
  })
})

test('a bad policy is refused before the first call', async () => {
  let calls = 0
  const fn = async () => calls++
  await expect(retry(fn, { transient: { base: '10 s' as '10s' } })).rejects.toMatchObject({ code: 'RD-1101' })
  await expect(retry(fn, { transent: {} } as RetryPolicy)).rejects.toMatchObject({ code: 'RD-1102' })
  await expect(retry(fn, { fatal: 'stop' } as unknown as RetryPolicy)).rejects.toThrow(
    "policy.fatal is 'stop', not a retry rule",
  )
  expect(() => retry.wrap(fn, { transient: { attempts: -1 } })).toThrow('policy.transient.attempts is -1')
  expect(calls).toBe(0)
})

test('the real world retries too', async () => {
  const { fn, seen } = failing(reset(), reset())
  const startedMs = performance.now()
  expect(await retry(fn, { transient: { base: '4ms', backoff: 'fixed', jitter: 'none' } })).toBe('done')
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(8)
  expect(seen).toEqual([1, 2, 3])
})
