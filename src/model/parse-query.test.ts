import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatQuery } from './format-query.ts'
import { parseQuery } from './parse-query.ts'
import { type QueryNode, queryFields } from './query.ts'
import { closedFields } from './query-term.ts'

const is = (field: string, value: string): QueryNode => ({ op: 'field', field, test: { is: value } }) as QueryNode
const compare = (field: string, sign: string, number: number): QueryNode =>
  ({ op: 'field', field, test: { compare: sign, number } }) as QueryNode
const words = (text: string): QueryNode => ({ op: 'text', text })

describe('a query is read as it is meant', () => {
  const cases: [string, QueryNode | undefined][] = [
    ['', undefined],
    ['  \n ', undefined],
    ['state:quarantined', is('state', 'quarantined')],
    ['State:QUARANTINED', is('state', 'quarantined')],
    ['state:interrupted', is('state', 'interrupted')],
    ['state:redriving', is('state', 'redriving')],
    ['type:network,timeout', { op: 'or', nodes: [is('type', 'network'), is('type', 'timeout')] }],
    ['type:validation age:<7d', { op: 'and', nodes: [is('type', 'validation'), compare('age', '<', 604_800_000)] }],
    [
      'type:validation AND age:>=12h',
      { op: 'and', nodes: [is('type', 'validation'), compare('age', '>=', 43_200_000)] },
    ],
    ['-view:review', { op: 'not', node: is('view', 'review') }],
    ['NOT view:review', { op: 'not', node: is('view', 'review') }],
    ['--view:review', { op: 'not', node: { op: 'not', node: is('view', 'review') } }],
    ['attempts:>3 generation:2', { op: 'and', nodes: [compare('attempts', '>', 3), compare('generation', '=', 2)] }],
    ['key:"a b"', is('key', 'a b')],
    ['key:"say \\"hi\\" \\\\"', is('key', 'say "hi" \\')],
    ['key:""', is('key', '')],
    ['key:-5,"x,y"', { op: 'or', nodes: [is('key', '-5'), is('key', 'x,y')] }],
    ['key:http://a/b?c=d', is('key', 'http://a/b?c=d')],
    ['key:ORD-*', is('key', 'ORD-*')],
    ['key:">5"', is('key', '>5')],
    ['field.country:UK', { op: 'field', field: 'field', path: 'country', test: { is: 'UK' } }],
    ['field.Card.brand:visa', { op: 'field', field: 'field', path: 'Card.brand', test: { is: 'visa' } }],
    ['field.total:>=-2.5', { op: 'field', field: 'field', path: 'total', test: { compare: '>=', number: -2.5 } }],
    ['batch:b_1 group:E-1a2b3c4d', { op: 'and', nodes: [is('batch', 'b_1'), is('group', 'E-1a2b3c4d')] }],
    ['timed out', { op: 'and', nodes: [words('timed'), words('out')] }],
    ['"timed out"', words('timed out')],
    ['"OR" or', { op: 'and', nodes: [words('OR'), words('or')] }],
    ['a b OR c', { op: 'or', nodes: [{ op: 'and', nodes: [words('a'), words('b')] }, words('c')] }],
    ['a (b OR c)', { op: 'and', nodes: [words('a'), { op: 'or', nodes: [words('b'), words('c')] }] }],
    [
      '-(a b)c',
      { op: 'and', nodes: [{ op: 'not', node: { op: 'and', nodes: [words('a'), words('b')] } }, words('c')] },
    ],
  ]
  test.each(cases)('%s', (text, query) => {
    expect(parseQuery(text)).toEqual({ ok: true, query })
  })
})

describe('what is not understood says what, where and what to write', () => {
  const cases: [text: string, what: string, where: number, fix: string][] = [
    ['stat:running', 'no field "stat"', 0, 'Did you mean state:?'],
    ['a http://x.de', 'no field "http"', 2, '"http://x.de"'],
    ['state:quarantind', 'no state "quarantind"', 6, 'Did you mean state:quarantined?'],
    ['type:network,tiemout', 'no type "tiemout"', 13, 'Did you mean type:timeout?'],
    ['severity:high', 'no severity "high"', 9, 'severity is one of info, warning, error, critical.'],
    ['type:net*', 'no type "net*"', 5, 'network'],
    ['attempts:many', 'whole number, not "many"', 9, 'attempts:>3'],
    ['age:2d', '"2d" is no age', 4, 'age:<2d'],
    ['age:<2', '"<2" is no age', 4, 'units are ms, s, m, h, d'],
    ['age:<99999999999999999999d', 'is no age', 4, 'age:<2d'],
    ['key:>5', "key can't be compared", 4, 'key:">5"'],
    ['field:UK', 'path', 0, 'field.country:UK'],
    ['field.__proto__.x:1', 'path', 0, 'field.country:UK'],
    ['field..x:1', 'path', 0, 'field.country:UK'],
    ['key.part:1', 'key has no parts', 0, 'field.part:VALUE'],
    ['key: a', 'value is missing', 4, 'without a blank'],
    ['type:network,', 'value is missing', 13, 'comma'],
    ['"never closed', 'quote is not closed', 0, 'Close it with "'],
    ['(a b', 'bracket is not closed', 0, 'Close it with )'],
    ['a b)', 'never opened', 3, 'Remove it'],
    ['()', 'before a closing bracket', 1, 'Write a term'],
    ['OR a', 'before OR', 0, 'Write a term'],
    ['a OR', 'before the end', 4, 'Write a term'],
    ['a AND', 'before the end', 5, 'Write a term'],
    ['-', 'before the end', 1, 'Write a term'],
    ['key:a(b)', '"(" may not stand here', 5, 'in quotes'],
    ['"a"b', '"b" may not stand here', 3, 'blank'],
  ]
  test.each(cases)('%s', (text, what, where, fix) => {
    const parsed = parseQuery(text)
    if (parsed.ok) throw new Error('understood')
    expect(parsed.problem.what).toContain(what)
    expect(parsed.problem.where).toBe(where)
    expect(parsed.problem.fix).toContain(fix)
  })
})

test('length, terms and depth are bounded', () => {
  const bad = (text: string) => {
    const parsed = parseQuery(text)
    return parsed.ok ? 'understood' : parsed.problem.what
  }
  expect(bad('a'.repeat(4_096))).toBe('understood')
  expect(bad('a'.repeat(4_097))).toContain('4097 characters')
  expect(bad('a '.repeat(200))).toBe('understood')
  expect(bad('a '.repeat(201))).toContain('too many terms')
  expect(bad(`key:${'a,'.repeat(200)}a`)).toContain('too many terms')
  expect(bad(`${'('.repeat(50)}a${')'.repeat(50)}`)).toBe('understood')
  expect(bad(`${'('.repeat(51)}a${')'.repeat(51)}`)).toContain('too deep')
  expect(bad('-'.repeat(4_000))).toContain('too deep')
})

test('whatever the text, parsing answers and never throws', () => {
  const piece = fc.oneof(
    fc.constantFrom('(', ')', '-', '"', ',', ':', ' ', 'OR', 'state', 'field.a', 'age', '<', '>', '=', '2d', '\\', '*'),
    fc.string({ maxLength: 3, unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('')
      const parsed = parseQuery(text)
      if (!parsed.ok) expect(parsed.problem.where).toBeLessThanOrEqual(text.length)
      else expect(parseQuery(formatQuery(parsed.query))).toEqual(parsed)
    }),
    { numRuns: 2_000 },
  )
})

const field = fc.constantFrom(...queryFields).chain((name): fc.Arbitrary<QueryNode> => {
  const sign = fc.constantFrom('<', '<=', '>', '>=')
  const closed = closedFields[name]
  if (closed) return fc.constantFrom(...closed).map((value) => is(name, value))
  if (name === 'age') return fc.tuple(sign, fc.nat(1e12)).map(([s, n]) => compare(name, s, n))
  if (name === 'attempts' || name === 'generation')
    return fc.tuple(fc.oneof(sign, fc.constant('=')), fc.nat(1e8)).map(([s, n]) => compare(name, s, n))
  if (name !== 'field') return fc.string({ maxLength: 12, unit: 'binary' }).map((value) => is(name, value))
  const path = fc
    .array(fc.stringMatching(/^[A-Za-zé0-9_-]{1,6}$/), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('.'))
  const value = fc.oneof(
    fc.string({ maxLength: 12 }).map((text) => ({ is: text })),
    fc.tuple(sign, fc.integer()).map(([s, n]) => ({ compare: s, number: n + 0 })),
  )
  return fc.tuple(path, value).map(([p, t]) => ({ op: 'field', field: name, path: p, test: t }) as QueryNode)
})
const { node } = fc.letrec<{ node: QueryNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'query' },
    field,
    fc.string({ maxLength: 12, unit: 'binary' }).map(words),
    fc
      .tuple(
        fc.constantFrom('and', 'or'),
        fc.array(tie('node'), { minLength: 2, maxLength: 3, depthIdentifier: 'query' }),
      )
      .map(([op, nodes]) => ({ op, nodes }) as QueryNode),
    tie('node').map((inner): QueryNode => ({ op: 'not', node: inner })),
  ),
}))

test('a query that is written out and read again is the same', () => {
  fc.assert(
    fc.property(node, (query) => {
      const text = formatQuery(query)
      fc.pre(text.length <= 4_096)
      expect(parseQuery(text)).toEqual({ ok: true, query })
    }),
    { numRuns: 1_000 },
  )
})
