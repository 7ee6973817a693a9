import { expect, test } from 'vitest'
import { backoff, createBackoff } from './backoff.ts'

test('a rule becomes its delays', () => {
  const delays = createBackoff({ base: '100ms', max: '500ms', jitter: 'none' }, { random: () => 0 })
  expect([1, 2, 3, 4, 5].map(delays)).toEqual([100, 200, 400, 500, 500])
})

test('without a rule the first delay lies within a second, the seventh within a minute', () => {
  const delays = backoff()
  for (let i = 0; i < 100; i++) {
    expect(delays(1)).toBeLessThanOrEqual(1_000)
    expect(delays(7)).toBeLessThanOrEqual(60_000)
  }
})

test('decorrelated delays remember nothing between calls: one function may serve many', () => {
  const delays = createBackoff({ backoff: 'decorrelated', base: '10ms', max: '1m' }, { random: () => 0.999999 })
  expect([3, 1, 3].map(delays)).toEqual([270, 30, 270])
})

test('a bad rule is refused', () => {
  expect(() => backoff({ base: '1 s' as '1s' })).toThrow(/RD-1101: rule\.base is '1 s'/)
})
