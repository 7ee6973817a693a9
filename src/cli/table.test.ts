import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noColours } from '../report/colours.ts'
import { textWidth } from '../report/terminal-text.ts'
import type { Column } from './list-shape.ts'
import { createTable } from './table.ts'

type Row = readonly string[]
const columns: Column<Row>[] = [
  { head: 'ID', cell: (row) => row[0]! },
  { head: 'COUNT', cell: (row) => row[1]!, right: true },
  { head: 'NOTE', cell: (row) => row[2]!, grow: true },
  { head: 'SINCE', cell: (row) => row[3]!, spare: true },
]
const table = (width?: number) => createTable(columns, { colours: noColours, columns: width })

test('columns are aligned, numbers to the right, and nothing is cut off a terminal', () => {
  const long = 'x'.repeat(300)
  expect(
    table()([
      ['a', '7', '価格', '2026'],
      ['bcd', '1,200', long, ''],
    ]),
  ).toBe(`ID   COUNT  NOTE${' '.repeat(298)}SINCE\na        7  価格${' '.repeat(298)}2026\nbcd  1,200  ${long}\n`)
})

test('a narrow terminal loses the spare columns, then the ends of those that may be cut', () => {
  expect(table(30)([['a', '7', 'a note of some length', '2026-11-23']])).toBe(
    'ID  COUNT  NOTE\na       7  a note of some len…\n',
  )
})

test('the head stands once, and widths only grow', () => {
  const write = table()
  expect(write([['a', '1', 'long note', 'x']])).toBe('ID  COUNT  NOTE       SINCE\na       1  long note  x\n')
  expect(write([['b', '2', '', 'y']])).toBe('b       2             y\n')
  expect(write([])).toBe('')
})

test('no line is wider than the terminal, whatever the cells', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 80 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 44, max: 200 }),
      (rows, width) => {
        for (const line of table(width)(rows).split('\n')) {
          expect(textWidth(line)).toBeLessThanOrEqual(width)
          expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
        }
      },
    ),
  )
})
