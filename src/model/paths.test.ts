import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { getAt, mapAt, type Path, parsePath } from './paths.ts'
import { asSealed } from './sealed.ts'
import { setAt } from './set-at.ts'

function path(text: string): Path {
  const parsed = parsePath(text)
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.path
}

const order = {
  id: 'o1',
  card: { number: '4111', holder: null },
  lines: [{ sku: 'a' }, { qty: 2 }, { sku: 'c' }],
  'a.b': { 'c.d': 5 },
}

describe('parsePath', () => {
  it.each([
    ['card.number', ['card', 'number']],
    ['lines.*.sku', ['lines', '*', 'sku']],
    ['Straße', ['Straße']],
    ['lines.0', ['lines', '0']],
  ])('reads %s', (text, steps) => {
    expect(path(text)).toEqual(steps)
  })

  it.each([
    ['', /empty\. Name a field/],
    ['a..b', /'a\.\.b' has an empty step/],
    ['.a', /empty step/],
    ['__proto__', /names '__proto__'/],
    ['a.constructor.b', /names 'constructor'/],
    ['a.*.prototype', /names 'prototype'/],
    ['x'.repeat(1_001), /longer than 1000/],
    ['a.'.repeat(32).concat('a'), /more than 32 steps/],
  ])('refuses %s', (text, why) => {
    expect(parsePath(text)).toEqual({ ok: false, why: expect.stringMatching(why) })
  })
})

describe('getAt', () => {
  it.each([
    ['id', ['o1']],
    ['card.number', ['4111']],
    ['card.holder', [null]],
    ['card.missing', []],
    ['lines.*.sku', ['a', 'c']],
    ['lines.2.sku', ['c']],
    ['lines.length', []],
    ['lines.sku', []],
    ['card.*', ['4111', null]],
    ['id.length', []],
    ['toString', []],
    ['a.b.c.d', [5]],
    ['*.number', ['4111']],
  ])('%s', (text, found) => {
    expect(getAt(order, path(text))).toEqual(found)
  })

  it('finds both a nested field and a column whose name is dotted', () => {
    expect(getAt({ card: { number: 1 }, 'card.number': 2 }, path('card.number'))).toEqual([1, 2])
  })

  it.each([null, undefined, 'text', 7, new Date(0), new Map([['id', 1]]), asSealed('x')])(
    'finds nothing in %s',
    (value) => {
      expect(getAt(value, path('id'))).toEqual([])
      expect(getAt(value, path('*'))).toEqual([])
    },
  )
})

describe('mapAt', () => {
  it('copies only what lies on the way, and says where it stands', () => {
    const places: string[] = []
    const changed = mapAt(order, path('lines.*.sku'), (sku, at) => {
      places.push(at)
      return `${sku}!`
    }) as typeof order
    expect(places).toEqual(['lines.0.sku', 'lines.2.sku'])
    expect(changed.lines).toEqual([{ sku: 'a!' }, { qty: 2 }, { sku: 'c!' }])
    expect(changed.lines[1]).toBe(order.lines[1])
    expect(changed.card).toBe(order.card)
    expect(order.lines[0]).toEqual({ sku: 'a' })
  })

  it('escapes dots inside a name, so that two places never look the same', () => {
    const places: string[] = []
    mapAt({ card: { number: 1 }, 'card.number': 2, 'x\\': { y: 1 } }, path('card.number'), (v, at) => {
      places.push(at)
      return v
    })
    expect(places).toEqual(['card.number', 'card\\.number'])
  })

  it('answers the same reference when nothing changed', () => {
    expect(mapAt(order, path('lines.*.sku'), (sku) => sku)).toBe(order)
  })

  it('leaves the prototype of a copy alone', () => {
    const value = JSON.parse('{"__proto__":{"x":1},"a":1}')
    const changed = mapAt(value, path('*'), (v) => [v]) as object
    expect(Object.getPrototypeOf(changed)).toBe(Object.prototype)
    expect(Object.keys(changed)).toEqual(['__proto__', 'a'])
  })
})

describe('setAt', () => {
  const set = (value: unknown, text: string, to: unknown) => {
    const result = setAt(value, path(text), to)
    if (!result.ok) throw new Error(result.why)
    return result.value
  }

  it.each([
    [{ a: 1 }, 'a', { a: 9 }],
    [{}, 'a.b.c', { a: { b: { c: 9 } } }],
    [{ a: null }, 'a.b', { a: { b: 9 } }],
    [{ l: [1, 2] }, 'l.0', { l: [9, 2] }],
    [{ l: [1, 2] }, 'l.2', { l: [1, 2, 9] }],
    [{ l: [{}] }, 'l.0.x', { l: [{ x: 9 }] }],
    [{ l: [{ s: 1 }, {}] }, 'l.*.s', { l: [{ s: 9 }, { s: 9 }] }],
    [{ l: [{}] }, 'l.*.s.t', { l: [{ s: { t: 9 } }] }],
    [{ l: [1, 2] }, 'l.*', { l: [9, 9] }],
    [{ 'a.b': 1 }, 'a.b', { 'a.b': 9 }],
    [{ 2024: 1 }, '2024', { 2024: 9 }],
  ])('sets %j at %s', (value, text, expected) => {
    const before = structuredClone(value)
    expect(set(value, text, 9)).toEqual(expected)
    expect(value).toEqual(before)
  })

  it.each([
    [{ country: 'UK' }, 'country.code', "'country' is a string: it has no field 'code'. Set 'country' itself."],
    [{ at: new Date(0) }, 'at.year', "'at' is a Date: it has no field 'year'. Set 'at' itself."],
    [{ l: [1, 2] }, 'l.3', "'l' is a list of 2: '3' is none of its indexes 0…2."],
    [{ l: [1, 2] }, 'l.first', "'l' is a list of 2: 'first' is none of its indexes 0…2."],
    [{}, 'l.0.x', "'l' is missing, and '0' could mean a list or an object. Set 'l' itself to [] or {} first."],
    [{}, 'l.*.x', "The path 'l.*.x' matches nothing: '*' stands for elements that are there."],
    [{ l: ['a'] }, 'l.*.x', "'l.0' is a string: it has no field 'x'. Set 'l.0' itself."],
    [null, 'a', 'The payload is null: it has no fields. Replace it whole instead.'],
    ['text', 'a', 'The payload is a string: it has no fields. Replace it whole instead.'],
  ])('refuses %j at %s', (value, text, why) => {
    expect(setAt(value, path(text), 9)).toEqual({ ok: false, why })
  })

  it('refuses a prototype in an unparsed path too', () => {
    expect(setAt({}, ['a', '__proto__', 'admin'], true).ok).toBe(false)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('is found by getAt where it was set, and changes nothing else', () => {
    const step = fc.constantFrom('a', 'b', 'c', 'x y')
    fc.assert(
      fc.property(fc.dictionary(step, fc.dictionary(step, fc.jsonValue())), fc.tuple(step, step), (value, steps) => {
        const result = setAt(value, steps, 'new')
        expect(result.ok && getAt(result.value, steps)).toEqual(['new'])
        const removed = result.ok && setAt(result.value, steps, value[steps[0]]?.[steps[1]])
        if (value[steps[0]] !== undefined && Object.hasOwn(value[steps[0]]!, steps[1]))
          expect(removed).toEqual({ ok: true, value })
      }),
      { seed: 4 },
    )
  })
})
