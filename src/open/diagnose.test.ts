import { expect, test } from 'vitest'
import {
  diagnoseClock,
  diagnoseDisk,
  diagnoseKeys,
  diagnoseNode,
  diagnoseSqlite,
  diagnoseTemp,
  inUnits,
} from './diagnose-machine.ts'

const gib = 1024 ** 3
const year = (year: number) => Date.UTC(year, 5, 1)

test.each([
  [diagnoseNode('24.21.0'), 'ok', /Node 24/],
  [diagnoseNode('22.18.0'), 'wrong', /redrive needs 24/],
  [diagnoseSqlite('3.53.4'), 'ok', /3\.53\.4/],
  [diagnoseSqlite('3.51.2'), 'wrong', /RD-1002/],
  [diagnoseClock(year(2027), undefined), 'ok', /2027-06-01/],
  [diagnoseClock(0, undefined), 'wrong', /1970/],
  [diagnoseClock(year(2027), year(2028)), 'wrong', /the ledger was written at 2028/],
  [diagnoseClock(year(2027), year(2027) + 59_000), 'ok', /2027/],
  [diagnoseDisk('/', 20 * gib), 'ok', /20\.0 GiB free in \//],
  [diagnoseDisk('/', 0.5 * gib), 'warning', /512\.0 MiB/],
  [diagnoseDisk('/', 1_000), 'wrong', /1000 bytes/],
  [diagnoseDisk('/nowhere/at/all'), 'warning', /can't be told/],
  [diagnoseKeys(undefined), 'ok', /not set/],
  [diagnoseKeys(`k7:${Buffer.alloc(32, 1).toString('base64')}`), 'ok', /1 usable, k7 writes/],
  [diagnoseKeys('k7:short'), 'wrong', /RD-1106/],
  [diagnoseTemp(), 'ok', /can be written/],
  [diagnoseTemp('/nowhere/at/all'), 'wrong', /can't be written/],
])('%j is %s', (finding, status, detail) => {
  expect(finding).toMatchObject({ status, detail: expect.stringMatching(detail) })
  expect(finding.fix === undefined).toBe(status === 'ok')
})

test('a key is never shown', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  for (const keys of [`k7:${key}`, `k 7:${key}`]) expect(JSON.stringify(diagnoseKeys(keys))).not.toContain(key)
})

test('sizes have units', () => {
  expect([inUnits(12), inUnits(1_536), inUnits(3 * gib)]).toEqual(['12 bytes', '1.5 KiB', '3.0 GiB'])
})
