import { expect, test } from 'vitest'
import { createSeededRandom } from './seeded-random.ts'

const draw = (seed: number, count: number) => Array.from({ length: count }, createSeededRandom(seed))

test('the same seed falls the same way, another seed another', () => {
  expect(draw(7, 50)).toEqual(draw(7, 50))
  expect(draw(7, 50)).not.toEqual(draw(8, 50))
})

test('the dice are fair enough, and stay within their bounds', () => {
  const values = draw(1, 20_000)
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
  expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - 0.5)).toBeLessThan(0.01)
  const random = createSeededRandom(2)
  const faces = new Set(Array.from({ length: 500 }, () => random.integer(1, 6)))
  expect([...faces].sort()).toEqual([1, 2, 3, 4, 5, 6])
  expect(random.pick([])).toBe(undefined)
  expect(random.pick(['only'])).toBe('only')
})
