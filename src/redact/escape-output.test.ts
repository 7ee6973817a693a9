import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defuseCell, escapeControl } from './escape-output.ts'

describe('escapeControl', () => {
  it.each([
    ['a\r\nb', 'a\\r\\nb'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\0\t\u007f\u0085\u009b', '\\0\\t\\x7f\\x85\\x9b'],
    ['x\u2028y\u2029z', 'x\\u2028y\\u2029z'],
    ['abc\u202egpj.exe\u2066', 'abc\\u202egpj.exe\\u2066'],
    ['\ud800x\udc00', '\\ud800x\\udc00'],
    ['Zoë 👩‍🚀 €', 'Zoë 👩‍🚀 €'],
  ])('%j becomes %j', (text, shown) => {
    expect(escapeControl(text)).toBe(shown)
  })

  it('leaves nothing that a terminal would act on, and is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = escapeControl(text)
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/)
        expect(shown.isWellFormed()).toBe(true)
        expect(escapeControl(shown)).toBe(shown)
      }),
      { seed: 14 },
    )
  })
})

describe('defuseCell', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＠x'])('defuses %j', (cell) => {
    expect(defuseCell(cell)).toBe(`'${cell}`)
  })

  it.each(['', 'a=b', "'=1", '1-2', ' x'])('leaves %j', (cell) => {
    expect(defuseCell(cell)).toBe(cell)
  })
})
