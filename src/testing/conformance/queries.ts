import type { QueryField, QueryNode, QueryTest } from '../../model/query.ts'
import type { Store } from '../../store/store.ts'
import {
  attemptOf,
  begin,
  classified,
  codeOf,
  failureOf,
  letterOf,
  newBatch,
  quarantineOf,
  startMs,
  waitOf,
} from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

const is = (field: QueryField, text: string): QueryNode => ({ op: 'field', field, test: { is: text } })
const than = (
  field: QueryField,
  compare: Extract<QueryTest, { compare: string }>['compare'],
  number: number,
): QueryNode => ({ op: 'field', field, test: { compare, number } })
const path = (name: string, test: QueryTest): QueryNode => ({ op: 'field', field: 'field', path: name, test })
const text = (given: string): QueryNode => ({ op: 'text', text: given })
const not = (node: QueryNode): QueryNode => ({ op: 'not', node })
const and = (...nodes: readonly QueryNode[]): QueryNode => ({ op: 'and', nodes })
const or = (...nodes: readonly QueryNode[]): QueryNode => ({ op: 'or', nodes })

/** Positions of the dead letters that match. */
const letterCases: readonly (readonly [query: QueryNode, expected: readonly number[]])[] = [
  [is('type', 'validation'), [0]],
  [is('type', '*k*'), [1, 2]],
  [not(is('type', 'validation')), [1, 2]],
  [or(is('type', 'network'), is('severity', 'warning')), [1, 2]],
  [and(is('job', 'orders'), is('batch', 'b_1'), is('disposition', 'permanent')), [0]],
  [and(), [0, 1, 2]],
  [or(), []],
  [is('key', 'a?b'), [0]],
  [is('key', 'a*b'), [0, 1]],
  [is('key', '[x]*'), [2]],
  [is('key', 'A*'), []],
  [is('key', 'a**b'), [0, 1]],
  [is('id', 'd_1'), [1]],
  [is('id', 'b_1:2'), [2]],
  [is('view', 'review'), [2]],
  [is('state', 'quarantined'), [0, 1, 2]],
  [is('state', 'resolved'), []],
  [is('code', 'ECONNRESET'), [1]],
  [is('stage', 'load'), [2]],
  [not(is('stage', 'load')), [0, 1]],
  [is('dependency', 'api'), [1]],
  [is('assignee', '*'), []],
  [is('generation', '1'), [0, 1, 2]],
  [than('attempts', '>', 3), [1, 2]],
  [than('attempts', '<=', 4), [0, 1]],
  [than('attempts', '=', 9), [2]],
  [than('age', '<', 1_000), [2]],
  [than('age', '>=', 1_000), [0, 1]],
  [path('country', { is: 'UK' }), [0]],
  [path('country', { is: 'U*' }), [0, 1]],
  [path('card.number', { compare: '>', number: 41 }), [1]],
  [path('total', { compare: '>=', number: 9.5 }), [0, 1]],
  [path('lines.1.sku', { is: 'b' }), [0]],
  [path('ok', { is: 'true' }), [1]],
  [path('none', { is: 'null' }), [1]],
  [path('list', { is: '[1,"2"]' }), [1]],
  [not(path('country', { is: '*' })), [2]],
  [text('ISO 3166'), [0]],
  [text('ÉCOLE'), [1]],
  [text('socket hang up'), [1]],
  [text('50% off_'), [2]],
  [text("'; drop table letters; --"), []],
]

export const queryTests: readonly StoreTest[] = [
  test('dead letters are found by every field, by path and by free text', async (store, expect) => {
    await threeLetters(store)
    const nowMs = startMs + 10_000
    for (const [query, expected] of letterCases) {
      const found = (await store.letters.list(query, { nowMs })).rows.map((letter) => letter.position).sort()
      const count = await store.letters.count(query, { nowMs })
      expect({ query, found, count }).toEqual({ query, found: expected, count: expected.length })
    }
    expect((await store.letters.stats(is('type', 'network'))).total).toBe(1)
  }),

  test('items are found by the same language', async (store, expect) => {
    await threeLetters(store)
    const cases: readonly (readonly [query: QueryNode, expected: readonly number[]])[] = [
      [is('state', 'waiting'), [3]],
      [not(is('state', 'waiting')), [0, 1, 2]],
      [is('type', 'validation'), [0, 3]],
      [is('code', 'ECONNRESET'), [1]],
      [is('id', 'd_0'), [0]],
      [is('id', 'b_1:3'), [3]],
      [is('severity', '*'), [0, 1, 2]],
      [than('attempts', '>=', 1), [0, 1, 2, 3]],
      [path('id', { compare: '=', number: 3 }), [3]],
      [text('K3'), [3]],
      [text('iso 3166'), [0]],
      [than('age', '<', 5_000), [2]],
    ]
    for (const [query, expected] of cases) {
      const { rows } = await store.runs.items('b_1', query, { nowMs: startMs + 10_000 })
      const found = rows.map((line) => ('positions' in line ? -1 : line.position))
      expect({ query, found }).toEqual({ query, found: expected })
    }
  }),

  test('batches are found by state, job, id, age and text', async (store, expect) => {
    await begin(store)
    await store.runs.create(newBatch('b_2', { job: 'bills', startedAtMs: startMs + 5_000 }))
    const ids = async (query: QueryNode) =>
      (await store.runs.list(query, { nowMs: startMs + 6_000 })).rows.map((row) => row.id)
    expect(await ids(is('job', 'bills'))).toEqual(['b_2'])
    expect(await ids(is('state', 'interrupted'))).toEqual([])
    expect(await ids(than('age', '>', 2_000))).toEqual(['b_1'])
    expect(await ids(text('ORDERS'))).toEqual(['b_1'])
    expect(await ids(is('batch', 'b_*'))).toEqual(['b_2', 'b_1'])
  }),

  test('what a list does not have can not be asked of it', async (store, expect) => {
    await threeLetters(store)
    expect(await codeOf(store.runs.list(is('severity', 'x'), {}))).toBe('RD-1702')
    expect(await codeOf(store.runs.list(not(is('view', 'x')), {}))).toBe('RD-1702')
    expect(await codeOf(store.letters.list(than('age', '<', 5), {}))).toBe('RD-1999')
  }),
]

async function threeLetters(store: Store): Promise<void> {
  const { commit } = await begin(store)
  const country = failureOf('E_COUNTRY', { message: 'no ISO 3166 code' })
  const reset = failureOf('ECONNRESET', { causes: [failureOf('X', { message: 'Socket hang up' })] })
  const network = classified({ type: 'network', disposition: 'transient', severity: 'critical' })
  const unknown = classified({ type: 'unknown', disposition: 'recoverable', severity: 'warning', confidence: 0.1 })
  const { code, ...codeless } = failureOf('Y', { message: 'now 50% off_' })
  await commit({
    items: [
      quarantineOf(0, {
        key: 'a?b',
        payload: {
          version: 1,
          body: '{"country":"secret"}',
          shown: '{"country":"UK","card":{"number":41},"total":"9.5","lines":[{"sku":"a"},{"sku":"b"}]}',
        },
        letter: letterOf(0, { failure: country }),
      }),
      quarantineOf(1, {
        key: 'axxb',
        dependency: 'api',
        payload: {
          version: 1,
          body: '{"country":"US","card":{"number":42},"total":10,"ok":true,"none":null,"list":[1,"2"]}',
        },
        letter: letterOf(1, { failure: reset, classification: network, attempts: 4, userMessage: 'École' }),
        attempt: attemptOf({ failure: reset, classification: network }),
      }),
      waitOf(3),
    ],
  })
  const letter = letterOf(2, { failure: codeless, classification: unknown, attempts: 9 })
  const payload = { version: 1, body: null, raw: 'x' }
  await commit({
    items: [
      quarantineOf(2, {
        key: '[x]y',
        stage: 'load',
        payload,
        letter,
        attempt: attemptOf({ failure: codeless, classification: unknown }),
      }),
    ],
    atMs: startMs + 9_500,
  })
}
