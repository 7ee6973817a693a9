import { expect, test } from 'vitest'
import { nearest } from './did-you-mean.ts'

const commands = [
  'run',
  'batches',
  'batch',
  'items',
  'item',
  'errors',
  'breakers',
  'quarantine',
  'report',
  'classify',
  'store',
  'explain',
]

test.each([
  ['batchs', 'batches'],
  ['itmes', 'items'],
  ['quarantin', 'quarantine'],
  ['quar', 'quarantine'],
  ['REPORT', 'report'],
  ['rnu', 'run'],
  ['xyzzy', undefined],
  ['', undefined],
  ['b', undefined],
  ['x'.repeat(100_000), undefined],
])('%s means %s', (name, meant) => {
  expect(nearest(name, commands)).toBe(meant)
})
