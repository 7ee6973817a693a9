import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editPayload, keepUntouched, parseFieldEdit, parseValue, payloadChanges } from './edit-payload.ts'

const set = (payload: unknown, ...words: string[]) => {
  const fields = words.map(parseFieldEdit)
  const bad = fields.find((field) => !field.ok)
  if (bad) return bad
  return editPayload(payload, { kind: 'set', fields: fields.flatMap((field) => (field.ok ? [field.value] : [])) })
}

test.each([
  [{ a: '1' }, 'a=5', { a: '5' }],
  [{ a: 1 }, 'a=5', { a: 5 }],
  [{ a: 1 }, 'a=five', { a: 'five' }],
  [{ a: '1' }, 'a:=5', { a: 5 }],
  [{ a: '1' }, 'a:={"b":[null]}', { a: { b: [null] } }],
  [{ a: '1' }, 'a=', { a: '' }],
  [{ a: '1' }, 'a=x=y', { a: 'x=y' }],
  [{ lines: [{ n: 1 }, { n: 2 }] }, 'lines.*.n=0', { lines: [{ n: 0 }, { n: 0 }] }],
  [{ a: 1 }, 'b.c=true', { a: 1, b: { c: true } }],
  [{ 'card.number': '1' }, 'card.number=2', { 'card.number': '2' }],
])('%j with --set %s is %j', (payload, word, value) => {
  expect(set(payload, word)).toEqual({ ok: true, value })
})

test.each([
  ['a', /sets nothing: write PATH=VALUE/],
  ['=5', /sets nothing/],
  ['__proto__.x=1', /names '__proto__'/],
  ['a.constructor.prototype.x=1', /names 'constructor'/],
  ['a..b=1', /empty step/],
  ['a:=nope', /The value of 'a' is no JSON/],
  ['a:={"__proto__":{"x":1}}', /has a field '__proto__'/],
  ['a.b=1', /'a' is a string: it has no field 'b'/],
])('--set %s is refused', (word, why) => {
  expect(set({ a: 'text' }, word)).toEqual({ ok: false, why: expect.stringMatching(why) })
  expect(({} as { x?: number }).x).toBeUndefined()
})

test('a document with __proto__ anywhere is refused, and pollutes nothing', () => {
  expect(parseValue('{"a":[{"__proto__":{"admin":true}}]}')).toEqual({
    ok: false,
    why: expect.stringContaining('__proto__'),
  })
  expect(({} as { admin?: boolean }).admin).toBeUndefined()
})

test('what was left as it was seen keeps its value, masks and dates too; the rest is what was typed', () => {
  const at = new Date(0)
  const clear = { card: '4111', at, lines: [{ token: 'abc', n: 1 }], id: 10n, name: 'x' }
  const shown = {
    card: '‹secret:1›',
    at: at.toISOString(),
    lines: [{ token: '‹redacted:jwt›', n: 1 }],
    id: '10',
    name: 'x',
  }
  const edited = { ...shown, lines: [{ token: '‹redacted:jwt›', n: 2 }], name: 'y', added: 1 }
  expect(keepUntouched(edited, { clear, shown })).toEqual({
    ...clear,
    lines: [{ token: 'abc', n: 2 }],
    name: 'y',
    added: 1,
  })
})

test('a copy that nobody touched is the payload, and no change', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const seen = { clear: value, shown: structuredClone(value) }
      expect(keepUntouched(structuredClone(value), seen)).toEqual(value)
      expect(payloadChanges(seen, { clear: structuredClone(value), shown: seen.shown })).toEqual([])
    }),
  )
})

test('changes name the outermost places, and say of a mask only that the value is another', () => {
  const before = {
    clear: { a: { b: 1, c: 2 }, pin: '1', gone: 0 },
    shown: { a: { b: 1, c: 2 }, pin: '‹secret:1›', gone: 0 },
  }
  const after = {
    clear: { a: { b: 1, c: 3 }, pin: '2', new: [1] },
    shown: { a: { b: 1, c: 3 }, pin: '‹secret:1›', new: [1] },
  }
  expect(payloadChanges(before, after)).toEqual([
    { at: 'a.c', before: 2, after: 3 },
    { at: 'pin', before: '‹secret:1›', after: '‹secret:1›', masked: true },
    { at: 'gone', before: 0 },
    { at: 'new', after: [1] },
  ])
})
