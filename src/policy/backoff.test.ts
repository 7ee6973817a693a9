import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RetryRule } from '../model/policy.ts'
import { computeDelay, delayMs } from './backoff.ts'
import { resolveRule } from './retry-rule.ts'

const series = (rule: RetryRule, random = () => 0.999999) =>
  [1, 2, 3, 4, 5, 6, 7].map((retry) => delayMs(resolveRule(rule), retry, { random }))

test.each<[string, RetryRule, number[]]>([
  ['exponential', { base: '100ms', jitter: 'none' }, [100, 200, 400, 800, 1600, 3200, 6400]],
  [
    'exponential by 3 up to a limit',
    { base: '100ms', factor: 3, max: '1s', jitter: 'none' },
    [100, 300, 900, 1000, 1000, 1000, 1000],
  ],
  ['fixed', { backoff: 'fixed', base: '100ms', jitter: 'none' }, [100, 100, 100, 100, 100, 100, 100]],
  ['linear', { backoff: 'linear', base: '100ms', max: '550ms', jitter: 'none' }, [100, 200, 300, 400, 500, 550, 550]],
  ['fibonacci', { backoff: 'fibonacci', base: '100ms', jitter: 'none' }, [100, 100, 200, 300, 500, 800, 1300]],
  ['of the user', { backoff: (retry) => retry * 7, max: '40ms' }, [7, 14, 21, 28, 35, 40, 40]],
  ['exponential with the highest full jitter', { base: '100ms' }, [100, 200, 400, 800, 1600, 3200, 6400]],
  ['without a base', { base: '0s' }, [0, 0, 0, 0, 0, 0, 0]],
  [
    'above its limit from the start',
    { base: '10s', max: '1s', jitter: 'none' },
    [1000, 1000, 1000, 1000, 1000, 1000, 1000],
  ],
])('delays %s', (_name, rule, expected) => {
  expect(series(rule)).toEqual(expected)
})

test('full jitter begins at 0, equal jitter at half', () => {
  expect(series({ base: '100ms' }, () => 0)).toEqual([0, 0, 0, 0, 0, 0, 0])
  expect(series({ base: '100ms', jitter: 'equal' }, () => 0)).toEqual([50, 100, 200, 400, 800, 1600, 3200])
  expect(series({ base: '100ms', jitter: 'equal' })).toEqual([100, 200, 400, 800, 1600, 3200, 6400])
})

test('decorrelated lies between the base and three times the last delay', () => {
  const rule = resolveRule({ backoff: 'decorrelated', base: '100ms', max: '5s' })
  expect(delayMs(rule, 3, { random: () => 0.999999, previousMs: 700 })).toBe(2100)
  expect(delayMs(rule, 3, { random: () => 0, previousMs: 700 })).toBe(100)
  expect(delayMs(rule, 3, { random: () => 0.999999, previousMs: 4000 })).toBe(5000)
  expect(delayMs(rule, 1, { random: () => 0.999999 })).toBe(300)
  expect(delayMs(rule, 2, { random: () => 0.999999 })).toBe(900)
  expect(delayMs(rule, 1_000_000, { random: () => 0.999999 })).toBe(5000)
})

const rules = fc.record({
  backoff: fc.constantFrom('exponential', 'fixed', 'linear', 'fibonacci', 'decorrelated'),
  baseMs: fc.oneof(fc.nat(100_000), fc.double({ min: 0, max: 1e9, noNaN: true })),
  factor: fc.double({ min: 1, max: 1000, noNaN: true }),
  maxMs: fc.oneof(fc.nat(100_000), fc.double({ min: 0, max: 1e12, noNaN: true })),
  jitter: fc.constantFrom('full', 'equal', 'none'),
  attempts: fc.constant(4),
  elapsedMs: fc.constant(300_000),
} as const)
const dice = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1 - 2 ** -53, 1, -1, Number.NaN, 2),
)

test('I9: a delay is a whole number within [0, min(max, base·factor^(retry-1))], whatever the dice', () => {
  fc.assert(
    fc.property(rules, fc.oneof(fc.nat(40), fc.nat(1e9), fc.double()), dice, (rule, retry, roll) => {
      const delay = delayMs(rule, retry, { random: () => roll })
      expect(Number.isSafeInteger(delay)).toBe(true)
      expect(delay).toBeGreaterThanOrEqual(0)
      expect(delay).toBeLessThanOrEqual(rule.maxMs)
      if (rule.backoff === 'exponential' && retry >= 1 && Number.isFinite(retry) && rule.baseMs > 0) {
        expect(delay).toBeLessThanOrEqual(Math.min(rule.maxMs, rule.baseMs * rule.factor ** (Math.floor(retry) - 1)))
      }
    }),
  )
})

test('full jitter is spread evenly over its whole range', () => {
  const rule = resolveRule({ base: '9ms' })
  const seen = new Array<number>(10).fill(0)
  for (let i = 0; i < 1000; i++) seen[delayMs(rule, 1, { random: () => i / 1000 })]!++
  expect(seen).toEqual(new Array(10).fill(100))
})

test.each<[string, (retry: number) => unknown]>([
  [
    'threw',
    () => {
      throw null
    },
  ],
  ['answered NaN', () => Number.NaN],
  ['answered -1', () => -1],
  ['answered Infinity', () => Number.POSITIVE_INFINITY],
  ['answered a string', () => '5'],
  ['answered null', () => null],
  ['answered an object', () => ({})],
  ['answered a promise', async () => 5],
  ['answered a promise', async () => Promise.reject(new Error('late'))],
])('a backoff of the user that %s gives way to exponential, and that is said', (said, backoff) => {
  const rule = resolveRule({ backoff: backoff as (retry: number) => number, base: '100ms', jitter: 'none' })
  expect(computeDelay(rule, 3, { random: () => 0 })).toEqual({ delayMs: 400, setAside: said })
})
