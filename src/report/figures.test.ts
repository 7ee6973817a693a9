import { expect, test } from 'vitest'
import { formatCount, formatRate, plural, shortCount } from './figures.ts'
import { fitText, padText, terminalBlock, terminalText, textWidth } from './terminal-text.ts'

test.each([
  [0, '0', '0'],
  [999, '999', '999'],
  [1_000, '1,000', '1k'],
  [9_999, '9,999', '9.9k'],
  [20_000, '20,000', '20k'],
  [999_999, '999,999', '999k'],
  [1_250_000, '1,250,000', '1.2M'],
  [3_000_000_000, '3,000,000,000', '3G'],
])('%d is %s, short %s', (count, long, short) => {
  expect(formatCount(count)).toBe(long)
  expect(shortCount(count)).toBe(short)
})

test.each([
  [0, '0.0/s'],
  [0.05, '0.05/s'],
  [4.26, '4.3/s'],
  [523.4, '523/s'],
  [12_345, '12,345/s'],
])('a rate of %d is %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text)
})

test('plurals', () => {
  expect([plural(1, 'item'), plural(2_000, 'item'), plural(2, 'entry', 'entries')]).toEqual([
    '1 item',
    '2,000 items',
    '2 entries',
  ])
})

test('text of others can neither break the line nor command the terminal', () => {
  expect(terminalText('a\r\n\t\x1b]0;title\x07\u009b31m\u2028\u202eevil\0\ud800')).toBe(
    'a\\r\\n\\t\\x1b]0;title\\x07\\x9b31m\\u2028\\u202eevil\\x00\\ud800',
  )
  expect(terminalText('Grüße 価格 👍')).toBe('Grüße 価格 👍')
  expect(terminalBlock('a\n\tb\x1b')).toBe('a\n    b\\x1b')
})

test('widths count columns, not characters', () => {
  expect([
    textWidth('abc'),
    textWidth('価格'),
    textWidth('👍'),
    textWidth('e\u0301'),
    textWidth('\x1b[31mred\x1b[39m'),
  ]).toEqual([3, 4, 2, 1, 3])
  expect(fitText('価格が不正', 6)).toBe('価格…')
  expect(fitText('short', 6)).toBe('short')
  expect(fitText('short', 0)).toBe('')
  expect(padText('価格', 6)).toBe('価格  ')
  expect(padText('7', 3, true)).toBe('  7')
})
