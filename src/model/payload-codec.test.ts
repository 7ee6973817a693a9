import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePayload, encodePayload } from './payload-codec.ts'
import { tags } from './payload-tags.ts'
import { asSealed, isSealed } from './sealed.ts'

function textOf(value: unknown): string {
  const encoded = encodePayload(value)
  if (!encoded.ok) throw new Error(encoded.why)
  return encoded.text
}

function refused(value: unknown, options?: { limitBytes: number }): { why: string; picture: string } {
  const encoded = encodePayload(value, options)
  if (encoded.ok) throw new Error(`unexpectedly fits: ${encoded.text.slice(0, 200)}`)
  expect(Buffer.byteLength(encoded.picture)).toBeLessThanOrEqual(4_096)
  JSON.parse(encoded.picture)
  return encoded
}

function nest(levels: number, wrap: (inner: unknown) => unknown, core: unknown = 'core'): unknown {
  let value = core
  for (let i = 0; i < levels; i++) value = wrap(value)
  return value
}

const tagName = fc.constantFrom(...tags, '__proto__', 'constructor', 'a', '"$date', '$')
const { payload } = fc.letrec((tie) => ({
  payload: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    tie('leaf'),
    tie('list'),
    tie('object'),
    tie('tagLike'),
    tie('map'),
    tie('set'),
  ),
  leaf: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom(null, undefined, Number.NaN, Infinity, -Infinity, -0, '\ud800', '$date'),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  ),
  list: fc.oneof(fc.array(tie('payload')), fc.sparseArray(tie('payload'), { maxLength: 6 })),
  object: fc.dictionary(fc.oneof(fc.string(), tagName), tie('payload'), { noNullPrototype: true }),
  tagLike: fc.tuple(tagName, tie('payload')).map(([name, value]) => Object.fromEntries([[name, value]])),
  map: fc.array(fc.tuple(tie('payload'), tie('payload'))).map((pairs) => new Map(pairs)),
  set: fc.array(tie('payload')).map((members) => new Set(members)),
}))

describe('payload codec', () => {
  it('gives any payload back without loss', () => {
    fc.assert(
      fc.property(payload, (value) => {
        const back = decodePayload(textOf(value))
        expect(isDeepStrictEqual(back, value)).toBe(true)
      }),
      { seed: 1, numRuns: 800 },
    )
  })

  it('writes what JSON keeps by itself as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        if (JSON.stringify(value).includes('"$') || JSON.stringify(value) !== textOf(value))
          expect(isDeepStrictEqual(decodePayload(textOf(value)), value)).toBe(true)
        else expect(textOf(value)).toBe(JSON.stringify(value))
      }),
      { seed: 2 },
    )
  })

  it.each([
    ['a date', new Date('2026-11-22T10:00:00.000Z'), '{"$date":"2026-11-22T10:00:00.000Z"}'],
    ['an invalid date', new Date(Number.NaN), '{"$date":null}'],
    ['a bigint', 12n, '{"$bigint":"12"}'],
    ['bytes', new Uint8Array([1, 2, 255]), '{"$bytes":"AQL/"}'],
    ['a view of bytes', new Uint8Array([9, 1, 2, 255, 9]).subarray(1, 4), '{"$bytes":"AQL/"}'],
    ['a buffer', Buffer.from('hi'), '{"$buffer":"aGk="}'],
    ['a map', new Map([[1, undefined]]), '{"$map":[[1,{"$undefined":true}]]}'],
    ['a set', new Set(['a']), '{"$set":["a"]}'],
    ['undefined', undefined, '{"$undefined":true}'],
    ['an undefined field', { a: undefined, b: 1 }, '{"a":{"$undefined":true},"b":1}'],
    ['minus zero', [-0], '[{"$number":"-0"}]'],
    ['not a number', Number.NaN, '{"$number":"NaN"}'],
    ['a hole', Object.assign(new Array(3), { 0: 1, 2: 2 }), '[1,{"$hole":true},2]'],
    ['user data like a tag', { $date: 'x' }, '{"$plain":{"$date":"x"}}'],
    ['user data like the escape', { $plain: { $set: 1 } }, '{"$plain":{"$plain":{"$plain":{"$set":1}}}}'],
    ['a tag name among other fields', { $date: 'x', b: 1 }, '{"$date":"x","b":1}'],
  ])('tags %s', (_name, value, text) => {
    expect(textOf(value)).toBe(text)
    expect(isDeepStrictEqual(decodePayload(text), value)).toBe(true)
  })

  it('keeps a sealed value apart from user data of the same shape', () => {
    const text = textOf({ mine: asSealed('1:k:abc'), theirs: { $sealed: '1:k:abc' } })
    expect(text).toBe('{"mine":{"$sealed":"1:k:abc"},"theirs":{"$plain":{"$sealed":"1:k:abc"}}}')
    const back = decodePayload(text) as { mine: unknown; theirs: unknown }
    expect([isSealed(back.mine), isSealed(back.theirs)]).toEqual([true, false])
    expect(textOf(back)).toBe(text)
  })

  it('never sets a prototype', () => {
    const text =
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"d":{"$date":null},"n":{"__proto__":{"$bigint":"1"}}}'
    const back = decodePayload(text) as Record<string, unknown>
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor', 'd', 'n'])
    expect(Object.getPrototypeOf(back['n'])).toBe(Object.prototype)
    expect(Object.getOwnPropertyDescriptor(back['n'], '__proto__')?.value).toBe(1n)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
    expect(textOf(back)).toBe(text)
  })

  it.each([
    '{"$date":"yesterday"}',
    '{"$date":"2026"}',
    '{"$bigint":"1.5"}',
    '{"$bigint":7}',
    '{"$number":"5"}',
    '{"$bytes":"@@@@"}',
    '{"$map":[[1]]}',
    '{"$set":{}}',
    '{"$undefined":false}',
    '{"$plain":[1]}',
    '{"$plain":1}',
    '{"$sealed":1}',
    '{"$hole":true}',
    '{"a":{"$hole":true}}',
    '{"\\u0024set":1}',
    '{"$number":"toString"}',
    '{',
    '',
  ])('refuses the text %s', (text) => {
    expect(() => decodePayload(text)).toThrow(SyntaxError)
  })

  it('decodes a text nested 100,000 deep without falling over', () => {
    const text = `${'[{"$set":'.repeat(50_000)}[]${'}]'.repeat(50_000)}`
    expect(Array.isArray(decodePayload(text))).toBe(true)
  })

  it('keeps 1,000 levels of lists, of maps and of objects, and refuses 1,001', () => {
    for (const wrap of [
      (v: unknown) => [v],
      (v: unknown) => ({ v }),
      (v: unknown) => new Map([[1, v]]),
      (v: unknown) => ({ $set: v }),
    ]) {
      const deep = nest(1_000, wrap)
      expect(textOf(decodePayload(textOf(deep)))).toBe(textOf(deep))
      expect(refused(nest(1_001, wrap)).why).toMatch(/nested deeper than 1000 levels$/)
    }
    expect(refused(nest(100_000, (v) => [v])).why).toMatch(/^at \[0\]\[0\].*…\[0\].*nested deeper/)
  })

  it('keeps 10 MiB of bytes', () => {
    const bytes = new Uint8Array(10 * 1024 * 1024).fill(7)
    const back = decodePayload(textOf({ bytes })) as { bytes: Uint8Array }
    expect(Buffer.compare(back.bytes, bytes)).toBe(0)
  })

  it('takes rows without a prototype as plain ones', () => {
    const row = Object.assign(Object.create(null), { a: 1 })
    expect(textOf([row])).toBe('[{"a":1}]')
  })
})

class Money {
  #amount = 5
  currency = 'EUR'
  amount() {
    return this.#amount
  }
}
const boom = () => {
  throw new Error('trap')
}
const hostile = new Proxy({}, new Proxy({}, { get: () => boom }))
const throwsHostile = new Proxy(
  {},
  {
    ownKeys: () => {
      throw hostile
    },
  },
)
const withGetter = Object.defineProperty({}, 'b', { enumerable: true, get: boom })
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const cyclic: { self?: unknown; rows: unknown[] } = { rows: [] }
cyclic.rows.push({ up: cyclic })

describe('what does not fit', () => {
  it.each<[string, () => unknown]>([
    ['at lines[3].price: a function', () => ({ lines: [1, 2, 3, { price: () => 1 }] })],
    ['at ["odd key"].x: a symbol', () => ({ 'odd key': { __proto__: null, x: Symbol('s') } })],
    ['the payload itself: a function', () => () => 1],
    ['at rows[0].up: a reference back to what contains it (cyclic)', () => cyclic],
    ['at price: an instance of Money; only plain data can be kept', () => ({ price: new Money() })],
    ['at e: an instance of Error; only plain data can be kept', () => ({ e: new Error('x') })],
    ['at e: an instance of RegExp; only plain data can be kept', () => ({ e: /x/ })],
    ['at e: an instance of Float64Array; only plain data can be kept', () => ({ e: new Float64Array(2) })],
    ['at [0]: a list with named fields', () => [Object.assign([1], { named: 1 })]],
    ['at d: a Date with named fields', () => ({ d: Object.assign(new Date(0), { zone: 'CET' }) })],
    ['the payload itself: a field named by a symbol', () => ({ [Symbol('k')]: 1 })],
    ['at a.b: reading it threw', () => ({ a: withGetter })],
    ['at a: reading it threw', () => ({ a: Object.create(Date.prototype) })],
    ['at a: reading it threw', () => ({ a: hostile })],
    ['at a: reading it threw', () => ({ a: revoked.proxy })],
    ['at a: reading it threw', () => ({ a: throwsHostile })],
  ])('%s (case %#)', (why, make) => {
    expect(refused(make()).why).toBe(why)
  })

  it('refuses more than the limit, counted in bytes of UTF-8', () => {
    expect(encodePayload('a'.repeat(98), { limitBytes: 100 }).ok).toBe(true)
    expect(refused('a'.repeat(99), { limitBytes: 100 }).why).toBe('the payload is larger than 100 bytes')
    expect(refused('€'.repeat(40), { limitBytes: 100 }).why).toBe('the payload is larger than 100 bytes')
    expect(refused({ text: 'x'.repeat(17 * 1024 * 1024) }).why).toBe('the payload is larger than 16777216 bytes')
    expect(refused({ text: 'x'.repeat(200), d: new Date(0) }, { limitBytes: 100 }).why).toBe(
      'the payload is larger than 100 bytes',
    )
  })

  it('stops at shared references that would unfold without end, and at lists that only claim a length', () => {
    expect(
      refused(
        nest(60, (v) => [v, v]),
        { limitBytes: 100_000 },
      ).why,
    ).toMatch(/larger than/)
    expect(
      refused(
        nest(60, (v) => ({ a: v, b: v }), new Date(0)),
        { limitBytes: 100_000 },
      ).why,
    ).toMatch(/larger than/)
    expect(refused(new Array(4_000_000_000)).why).toMatch(/larger than/)
  })

  it('shows a bounded picture without running a getter', () => {
    let runs = 0
    const value = Object.defineProperty(
      { id: 7, f: () => 1, long: 'x'.repeat(1e6), many: new Array(1e5).fill('y'.repeat(300)) },
      'once',
      { enumerable: true, get: () => ++runs },
    )
    const picture = JSON.parse(refused(value).picture)
    expect(picture).toMatchObject({ id: 7, f: '‹function›', once: '‹getter›' })
    expect(runs).toBe(0)
  })

  it('always answers, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withObjectString: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
          withBoxedValues: true,
        }),
        fc.nat(300),
        (value, limitBytes) => {
          const encoded = encodePayload(value, { limitBytes })
          if (encoded.ok) decodePayload(encoded.text)
          else refused(value, { limitBytes })
        },
      ),
      { seed: 3, numRuns: 1_000 },
    )
  })
})
