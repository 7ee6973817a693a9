import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

const names = ['transient', 'rate_limit', 'auth', 'max', 'base', 'when']

test.each([
  ['transent', 'transient'],
  ['tranisent', 'transient'],
  ['TRANSIENT', 'transient'],
  ['rate-limit', 'rate_limit'],
  ['rateLimits', 'rate_limit'],
  ['auht', 'auth'],
  ['mx', 'max'],
  ['bas', 'base'],
  ['something', undefined],
  ['', undefined],
  ['x'.repeat(10_000), undefined],
])('%s was probably meant to be %s', (given, meant) => {
  expect(nearestName(given, names)).toBe(meant)
})
