import {
  all,
  begin,
  beginWithLetters,
  checkpointOf,
  letterOf,
  newBatch,
  operationOf,
  progressOf,
  quarantineOf,
  startMs,
  upTo,
  waitOf,
  writeOf,
} from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

export const itemTests: readonly StoreTest[] = [
  test('open rows are listed by position with all that deciding needs', async (store, expect) => {
    const { commit } = await begin(store)
    const progress = {
      generation: 1,
      attempts: 3,
      counted: { transient: 2 },
      excludedMs: 1.5,
      firstFailedAtMs: startMs,
      lastDelayMs: 33.25,
    }
    await commit({
      items: [
        waitOf(8, { progress, stage: 'load', dependency: 'api' }),
        quarantineOf(5),
        writeOf(2, 'running', 'held', { dependency: 'api' }),
      ],
    })
    await commit({ items: [writeOf(7, 'pending', 'running'), writeOf(6, 'running', 'skipped')] })
    const open = (await store.runs.open('b_1', {})).rows
    expect(open.map((row) => [row.position, row.state])).toEqual([
      [2, 'held'],
      [7, 'running'],
      [8, 'waiting'],
    ])
    expect(open[2]).toEqual({
      position: 8,
      key: 'k8',
      stage: 'load',
      state: 'waiting',
      progress,
      dueAtMs: startMs + 100.5,
      dependency: 'api',
      updatedAtMs: startMs + 1,
    })
  }),

  test('members of operations are listed apart', async (store, expect) => {
    const { commit } = await beginWithLetters(store, 3)
    await commit({ items: [waitOf(9)] })
    await store.operations.beginRetry(operationOf('o_1'), ['d_b_1_0'])
    await store.operations.beginRetry(operationOf('o_2'), ['d_b_1_2'])
    const positions = async (page: Parameters<typeof store.runs.open>[1]) =>
      (await store.runs.open('b_1', page)).rows.map((row) => row.position)
    expect(await positions({})).toEqual([9])
    expect(await positions({ operationId: 'o_1' })).toEqual([0])
    expect(await positions({ operations: true })).toEqual([0, 2, 9])
    const [member] = (await store.runs.open('b_1', { operationId: 'o_2' })).rows
    expect([member?.operationId, member?.state, member?.progress]).toEqual([
      'o_2',
      'pending',
      { generation: 2, attempts: 0, counted: {}, excludedMs: 0 },
    ])
  }),

  test('rows, kept successes and ranges of plain successes are one list', async (store, expect) => {
    const { commit } = await begin(store, newBatch('b_1', { keepsSuccesses: true }))
    await commit({
      items: [quarantineOf(3), waitOf(12)],
      successes: [{ position: 5, key: 'k5', attempts: 2, atMs: startMs, result: '{"ok":true}' }],
      checkpoint: checkpointOf(20, [...upTo(8), 10, 11, 12, 15]),
    })
    const lines = await all((page) => store.runs.items('b_1', undefined, page))
    expect(lines.map((line) => ('positions' in line ? line.positions : [line.position, line.state]))).toEqual([
      [0, 2],
      [3, 'quarantined'],
      [4, 4],
      [5, 'succeeded'],
      [6, 7],
      [10, 11],
      [12, 'waiting'],
      [15, 15],
    ])
    expect(lines[1]).toEqual({
      position: 3,
      key: 'k3',
      state: 'quarantined',
      progress: progressOf(),
      group: letterOf(3).group,
      letterId: 'd_3',
      type: 'validation',
      disposition: 'permanent',
      updatedAtMs: startMs + 1,
    })
    expect(lines[3]).toEqual({
      position: 5,
      key: 'k5',
      state: 'succeeded',
      progress: { generation: 1, attempts: 2, counted: {}, excludedMs: 0 },
      result: '{"ok":true}',
      updatedAtMs: startMs,
    })
  }),

  test('the kept result of an item that was retried stands on its row', async (store, expect) => {
    const { commit } = await begin(store, newBatch('b_1', { keepsSuccesses: true }))
    await commit({ items: [waitOf(0), writeOf(0, 'waiting', 'running')], checkpoint: checkpointOf(1, [0]) })
    await commit({
      items: [writeOf(0, 'running', 'succeeded')],
      successes: [{ position: 0, key: 'k0', attempts: 2, atMs: startMs, result: '42' }],
    })
    const { rows } = await store.runs.items('b_1', undefined, {})
    expect(rows.map((row) => ('positions' in row ? undefined : [row.state, row.result]))).toEqual([['succeeded', '42']])
    const counts = await store.runs.counts('b_1')
    expect([counts.read, counts.succeeded]).toEqual([1, 1])
  }),

  test('a query for succeeded items keeps the ranges, and leaves rows out', async (store, expect) => {
    const { commit } = await begin(store)
    await commit({
      items: [...upTo(30)].filter((n) => n > 2).map((n) => quarantineOf(n)),
      checkpoint: checkpointOf(40, upTo(32)),
    })
    const query = { op: 'field', field: 'state', test: { is: 'succeeded' } } as const
    const lines = await all((page) => store.runs.items('b_1', query, page), 1)
    expect(lines).toEqual([
      { positions: [0, 2], state: 'succeeded' },
      { positions: [30, 31], state: 'succeeded' },
    ])
  }),

  test('ten thousand rows come in pages, none twice, none missing', async (store, expect) => {
    const { commit } = await begin(store)
    const total = 10_000
    for (let from = 0; from < total; from += 1_000) {
      const items = upTo(1_000).map((n) => writeOf(from + n, 'running', 'skipped'))
      await commit({ items, checkpoint: checkpointOf(from + 1_000, [], { watermark: from + 1_000 }) })
    }
    const lines = await all((page) => store.runs.items('b_1', undefined, page), 997)
    expect(lines.length).toBe(total)
    expect(lines.every((line, position) => 'position' in line && line.position === position)).toBe(true)
    expect((await store.runs.items('b_1', undefined, {})).rows.length).toBe(1_000)
  }),

  test('the lowest position of a key is found among rows and kept successes', async (store, expect) => {
    const { commit } = await begin(store, newBatch('b_1', { keepsSuccesses: true }))
    await commit({
      items: [writeOf(4, 'running', 'skipped', { key: 'a' }), writeOf(2, 'running', 'skipped', { key: 'b' })],
      successes: [
        { position: 3, key: 'a', attempts: 1, atMs: startMs },
        { position: 6, key: 'b', attempts: 1, atMs: startMs },
      ],
    })
    const found = await Promise.all(['a', 'b', 'c'].map((key) => store.runs.positionOfKey('b_1', key)))
    expect(found).toEqual([3, 2, undefined])
  }),

  test('the newest version of a payload is given, with its picture and raw text', async (store, expect) => {
    const { commit } = await begin(store)
    const payload = { version: 1, body: null, raw: 'a,"b' }
    await commit({
      items: [
        quarantineOf(0, { payload }),
        quarantineOf(1, { payload: { version: 1, body: '{"a":1}', shown: '{"a":"‹secret:1›"}' } }),
      ],
    })
    const found = await store.runs.payloads('b_1', [0, 1, 2])
    expect(found.get(0)).toEqual(payload)
    expect(found.get(1)).toEqual({ version: 1, body: '{"a":1}', shown: '{"a":"‹secret:1›"}' })
    await store.operations.edit(operationOf('o_1', { kind: 'edit' }), 'd_0', {
      expectedVersion: 1,
      body: '{"fixed":true}',
    })
    expect((await store.runs.payloads('b_1', [0])).get(0)).toEqual({ version: 2, body: '{"fixed":true}' })
  }),
]
