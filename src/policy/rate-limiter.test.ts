import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRateLimiter } from './rate-limiter.ts'

test('places come one after the other at the rate', () => {
  const limiter = createRateLimiter(50 / 1000)
  expect([0, 0, 0, 10, 100].map((nowMs) => limiter.take(nowMs))).toEqual([0, 20, 40, 50, 0])
})

test('a burst is free after a pause', () => {
  const limiter = createRateLimiter(1 / 100, 3)
  expect([0, 0, 0, 0, 0].map((nowMs) => limiter.take(nowMs))).toEqual([0, 0, 0, 100, 200])
  expect([10_000, 10_000, 10_000, 10_000].map((nowMs) => limiter.take(nowMs))).toEqual([0, 0, 0, 100])
})

test('a place given back is given to the next', () => {
  const limiter = createRateLimiter(1 / 100)
  expect([limiter.take(0), limiter.take(0)]).toEqual([0, 100])
  limiter.giveBack()
  expect(limiter.take(0)).toBe(100)
})

test.each([
  [0, 1],
  [-1, 1],
  [Number.NaN, 1],
  [Number.POSITIVE_INFINITY, 1],
  [1, 0],
  [1, Number.NaN],
])('%d per ms with a burst of %d is refused', (perMs, burst) => {
  expect(() => createRateLimiter(perMs, burst)).toThrow(RangeError)
})

test('law: no span holds more than burst + span · rate places, and none waits longer than that needs', () => {
  const arrivals = fc.array(fc.nat(500), { minLength: 1, maxLength: 80 })
  fc.assert(
    fc.property(arrivals, fc.constantFrom(0.01, 0.05, 0.3, 2), fc.integer({ min: 1, max: 5 }), (gaps, perMs, burst) => {
      const limiter = createRateLimiter(perMs, burst)
      let nowMs = 0
      const placedAt = gaps.map((gap) => {
        nowMs += gap
        const waitMs = limiter.take(nowMs)
        expect(waitMs).toBeGreaterThanOrEqual(0)
        expect(waitMs).toBeLessThanOrEqual(gaps.length / perMs)
        return nowMs + waitMs
      })
      for (let from = 0; from < placedAt.length; from++) {
        for (let to = from; to < placedAt.length; to++) {
          const spanMs = placedAt[to]! - placedAt[from]!
          expect(to - from + 1).toBeLessThanOrEqual(burst + spanMs * perMs + 1e-6)
        }
      }
    }),
  )
})
