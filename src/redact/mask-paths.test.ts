import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Path, parsePath } from '../model/paths.ts'
import { maskPaths, unmaskPaths } from './mask-paths.ts'
import { redactValue } from './redact-value.ts'

const paths = (...texts: string[]): Path[] =>
  texts.map((text) => {
    const parsed = parsePath(text)
    if (!parsed.ok) throw new Error(parsed.why)
    return parsed.path
  })

const order = {
  id: 'o1',
  card: { number: '4111111111111111', cvv: 123, holder: null },
  lines: [{ sku: 'alpha' }, { sku: 'beta' }],
  born: new Date('1990-01-02T00:00:00.000Z'),
}

describe('maskPaths', () => {
  it('numbers the masks in the order of paths and data, and answers the clear texts', () => {
    const { shown, secrets } = maskPaths(
      order,
      paths('lines.*.sku', 'card.number', 'card.cvv', 'card.holder', 'born', 'missing'),
    )
    expect(shown).toEqual({
      id: 'o1',
      card: { number: '‹secret:3›', cvv: '‹secret:4›', holder: null },
      lines: [{ sku: '‹secret:1›' }, { sku: '‹secret:2›' }],
      born: '‹secret:5›',
    })
    expect(secrets).toEqual(['alpha', 'beta', '4111111111111111', '123', '1990-01-02T00:00:00.000Z'])
    expect(order.card.number).toBe('4111111111111111')
  })

  it('masks an object whole, with the texts inside it behind the numbered ones', () => {
    const { shown, secrets } = maskPaths(order, paths('card.number', 'card', 'lines.0.sku'))
    expect(shown).toMatchObject({ card: '‹secret:1›', lines: [{ sku: '‹secret:2›' }, { sku: 'beta' }] })
    expect(secrets).toEqual(['', 'alpha', '4111111111111111', '123', ''])
  })

  it('finds a column whose name is dotted', () => {
    expect(maskPaths({ 'card.number': 'x' }, paths('card.number')).shown).toEqual({ 'card.number': '‹secret:1›' })
  })

  it('answers the same reference when no path matches', () => {
    expect(maskPaths(order, paths('nope')).shown).toBe(order)
    expect(maskPaths(null, paths('nope'))).toEqual({ shown: null, secrets: [] })
  })

  it('lets the values be masked wherever they recur', () => {
    const { secrets } = maskPaths(order, paths('card.number'))
    expect(redactValue({ why: 'card 4111111111111111 declined' }, secrets)).toEqual({ why: 'card ‹secret:1› declined' })
  })
})

describe('unmaskPaths', () => {
  const secret = paths('card.number', 'lines.*.sku')
  const shown = () => structuredClone(maskPaths(order, secret).shown) as typeof order
  const unmask = (edited: unknown) => unmaskPaths(edited, order, secret)

  it('keeps what was left as it is and takes what was typed over', () => {
    const edited = shown()
    edited.lines[0]!.sku = 'gamma'
    edited.id = 'o2'
    expect(unmask(edited)).toEqual({
      ok: true,
      value: { ...order, id: 'o2', lines: [{ sku: 'gamma' }, { sku: 'beta' }] },
    })
  })

  it('lets a mark move with its element', () => {
    const edited = shown()
    edited.lines.reverse()
    edited.lines.push({ sku: 'new' })
    expect(unmask(edited)).toMatchObject({
      ok: true,
      value: { lines: [{ sku: 'beta' }, { sku: 'alpha' }, { sku: 'new' }] },
    })
  })

  it.each<[string, object, RegExp]>([
    ['at a field that is not secret', { note: '‹secret:1›' }, /'note' holds ‹secret:1›, but is not declared secret/],
    [
      'inside a longer text',
      { card: { number: 'x ‹secret:1›' } },
      /'card\.number' holds ‹secret:1› inside a longer text/,
    ],
    ['of no value', { card: { number: '‹secret:9›' } }, /'card\.number' holds ‹secret:9›, which stands for no value/],
    ['zero', { card: { number: '‹secret:0›' } }, /stands for no value/],
  ])('refuses a mark %s', (_where, change, why) => {
    expect(unmask({ ...shown(), ...change })).toEqual({ ok: false, why: expect.stringMatching(why) })
  })

  it('leaves a text of the payload that only looks like a mark', () => {
    const original = { note: 'see ‹secret:7›', pin: '‹secret:1›' }
    const masked = maskPaths(original, paths('pin'))
    expect(unmaskPaths(masked.shown, original, paths('pin'))).toEqual({ ok: true, value: original })
  })

  it('undoes maskPaths when nothing was edited', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const value = fc.dictionary(name, fc.oneof(fc.string(), fc.jsonValue(), fc.array(fc.dictionary(name, fc.string()))))
    const any = fc.array(fc.constantFrom('a', 'b.c', 'a.*', 'b.*.a', '*', 'c.0.b', '*.a'), { maxLength: 3 })
    fc.assert(
      fc.property(value, any, (original, texts) => {
        const masked = maskPaths(original, paths(...texts))
        expect(unmaskPaths(masked.shown, original, paths(...texts))).toEqual({ ok: true, value: original })
      }),
      { seed: 13, numRuns: 500 },
    )
  })
})
