import { expect, test } from 'vitest'
import { formatQuery } from './format-query.ts'
import { RedriveError } from './redrive-error.ts'
import { toQuery, type Where } from './to-query.ts'

test.each<[Where, string]>([
  [{}, ''],
  [{ type: 'validation' }, 'type:validation'],
  [{ type: ['network', 'timeout'], job: 'orders' }, '(type:network OR type:timeout) job:orders'],
  [{ state: ['held'], age: '2d', text: 'a "b"' }, 'state:held age:<172800000ms "a \\"b\\""'],
  [{ key: 'ORD 7', batch: 'b_1', view: 'review' }, 'key:"ORD 7" batch:b_1 view:review'],
])('the typed form %j means %s', (where, text) => {
  expect(formatQuery(toQuery(where))).toBe(text)
  expect(toQuery(text)).toEqual(toQuery(where))
})

test.each<[unknown, string]>([
  [{ typ: 'x' }, 'Did you mean type?'],
  [{ type: 'netwrok' }, 'Did you mean "network"?'],
  [{ type: [] }, 'Leave type out'],
  [{ age: '2 d' }, '2d'],
  [{ key: 7 }, 'Give key as a string.'],
  ['type:netwrok', 'Did you mean type:network?'],
  [null, "{ type: 'network', age: '2d' }"],
  [7, "{ type: 'network', age: '2d' }"],
])('%j is refused with RD-1702 and a fix', (query, fix) => {
  try {
    toQuery(query as Where)
  } catch (error) {
    expect(error).toBeInstanceOf(RedriveError)
    expect((error as RedriveError).code).toBe('RD-1702')
    expect((error as RedriveError).fix).toContain(fix)
    return
  }
  throw new Error('accepted')
})

test('the message of a text points at the place', () => {
  try {
    toQuery('type:network stat:x')
  } catch (error) {
    expect((error as RedriveError).why).toBe('at character 14: type:network ⟨here⟩stat:x')
    return
  }
  throw new Error('accepted')
})
