import {
  all,
  begin,
  beginWithLetters,
  codeOf,
  letterOf,
  operationOf,
  progressOf,
  quarantineOf,
  startMs,
  writeOf,
} from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

export const operationTests: readonly StoreTest[] = [
  test('a retry takes what can be taken and says why the rest is left out', async (store, expect) => {
    const { commit } = await beginWithLetters(store, 3)
    await commit({
      items: [
        quarantineOf(7, { letter: letterOf(7, { id: 'd_bad', ineligible: 'its file is gone' }) }),
        { ...withoutPayload(8), letter: letterOf(8, { id: 'd_none' }) },
      ],
    })
    await store.operations.beginRetry(operationOf('o_0'), ['d_b_1_2'])
    const begun = await store.operations.beginRetry(operationOf('o_1'), [
      'd_b_1_0',
      'd_nobody',
      'd_bad',
      'd_none',
      'd_b_1_2',
      'd_b_1_1',
      'd_b_1_0',
    ])
    expect(begun).toEqual({
      taken: [
        { letterId: 'd_b_1_0', batchId: 'b_1', position: 0 },
        { letterId: 'd_b_1_1', batchId: 'b_1', position: 1 },
      ],
      leftOut: [
        { letterId: 'd_nobody', why: 'there is no such dead letter' },
        { letterId: 'd_bad', why: 'its file is gone' },
        { letterId: 'd_none', why: 'its payload was not kept' },
        { letterId: 'd_b_1_2', why: 'it is in operation o_0' },
        { letterId: 'd_b_1_0', why: 'it is in operation o_1' },
      ],
    })
    const letter = await store.letters.get('d_b_1_0')
    expect([letter?.state, letter?.view, letter?.operation, letter?.generation]).toEqual([
      'redriving',
      'scheduled',
      'o_1',
      2,
    ])
    expect((await store.letters.lineage('d_b_1_0')).at(-1)).toEqual({
      atMs: startMs + 500,
      what: 'redriven',
      generation: 2,
      by: 'ann',
      reason: 'INC-42',
      operation: 'o_1',
    })
    expect((await store.runs.counts('b_1')).pending).toBe(3 + 4)
  }),

  test('it ends with the last of its items, and each result is kept', async (store, expect) => {
    const { commit } = await beginWithLetters(store, 3)
    await store.operations.beginRetry(operationOf('o_1'), ['d_b_1_0', 'd_b_1_1', 'd_b_1_2'])
    const progress = progressOf({ generation: 2 })
    const start = (position: number) => writeOf(position, 'pending', 'running', { progress, operationId: 'o_1' })
    await commit({
      items: [
        start(0),
        start(1),
        writeOf(0, 'running', 'succeeded', { progress }),
        writeOf(1, 'running', 'skipped', { progress }),
      ],
    })
    expect((await store.operations.get('o_1'))?.state).toBe('running')
    await commit({
      items: [start(2), writeOf(2, 'running', 'waiting', { progress }), writeOf(2, 'waiting', 'running', { progress })],
    })
    expect((await store.operations.progress('o_1')).pending).toBe(1)
    await commit({
      items: [writeOf(2, 'running', 'quarantined', { progress, letter: letterOf(2) })],
      atMs: startMs + 900,
    })
    expect(await store.operations.get('o_1')).toEqual({
      ...operationOf('o_1'),
      state: 'completed',
      endedAtMs: startMs + 900,
    })
    const items = await all((page) => store.operations.items('o_1', page), 2)
    expect(items.map((item) => [item.letterId, item.position, item.result])).toEqual([
      ['d_b_1_0', 0, 'succeeded'],
      ['d_b_1_1', 1, 'skipped'],
      ['d_b_1_2', 2, 'quarantined'],
    ])
    const states = await Promise.all(items.map(async (item) => (await store.letters.get(item.letterId))?.state))
    expect(states).toEqual(['resolved', 'resolved', 'quarantined'])
    expect((await store.letters.lineage('d_b_1_0')).at(-1)).toEqual({
      atMs: startMs + 1,
      what: 'succeeded',
      generation: 2,
      by: 'runner',
      operation: 'o_1',
    })
    expect((await store.runs.payloads('b_1', [0])).size).toBe(1)
    expect((await store.runs.open('b_1', { operations: true })).rows).toEqual([])
  }),

  test('one that takes nothing has ended already', async (store, expect) => {
    await begin(store)
    await store.operations.beginRetry(operationOf('o_1'), ['d_nobody'])
    expect(await store.operations.get('o_1')).toEqual({
      ...operationOf('o_1'),
      state: 'completed',
      endedAtMs: startMs + 500,
    })
  }),

  test('a discard can be taken back', async (store, expect) => {
    await beginWithLetters(store, 2)
    const discard = operationOf('o_1', { kind: 'discard' })
    expect((await store.operations.discard(discard, ['d_b_1_0', 'd_b_1_0'])).leftOut).toEqual([
      { letterId: 'd_b_1_0', why: 'it is discarded' },
    ])
    const counts = await store.runs.counts('b_1')
    expect([counts.quarantined, counts.discarded]).toEqual([1, 1])
    expect((await store.letters.get('d_b_1_0'))?.state).toBe('discarded')
    expect((await store.operations.beginRetry(operationOf('o_2'), ['d_b_1_0'])).leftOut).toEqual([
      { letterId: 'd_b_1_0', why: 'it is discarded' },
    ])
    await store.operations.undiscard(operationOf('o_3', { kind: 'undiscard' }), ['d_b_1_0', 'd_b_1_1'])
    expect((await store.runs.counts('b_1')).quarantined).toBe(2)
    expect((await store.operations.items('o_3', {})).rows.map((item) => [item.result, item.why])).toEqual([
      ['quarantined', undefined],
      ['left_out', 'it is quarantined, not discarded'],
    ])
    expect((await store.letters.lineage('d_b_1_0')).map((entry) => entry.what)).toEqual([
      'quarantined',
      'discarded',
      'undiscarded',
    ])
    const to = (await store.changes.since(0)).map(({ event }) => (event.type === 'item' ? event.to : event.type))
    expect(to).toEqual(['quarantined', 'quarantined', 'discarded', 'quarantined'])
  }),

  test('an edit adds a version, makes the letter eligible, and may change its key', async (store, expect) => {
    const { commit } = await begin(store)
    await commit({
      items: [
        quarantineOf(0, {
          payload: { version: 1, body: null, raw: 'a,"b' },
          letter: letterOf(0, { ineligible: 'the row could not be read' }),
        }),
      ],
    })
    const operation = operationOf('o_1', { kind: 'edit' })
    const version = await store.operations.edit(operation, 'd_0', {
      expectedVersion: 1,
      body: '{"id":"z"}',
      shown: '{"id":"*"}',
      key: 'z',
    })
    const expected = {
      version: 2,
      body: '{"id":"z"}',
      shown: '{"id":"*"}',
      by: 'ann',
      atMs: startMs + 500,
      reason: 'INC-42',
    }
    expect(version).toEqual(expected)
    expect(await store.letters.versions('d_0')).toEqual([
      { version: 1, body: null, raw: 'a,"b', by: 'source', atMs: startMs + 1 },
      expected,
    ])
    const letter = await store.letters.get('d_0')
    expect([letter?.payloadVersion, letter?.ineligible, letter?.key]).toEqual([2, undefined, 'z'])
    expect((await store.letters.lineage('d_0')).at(-1)?.detail).toBe('payload version 2')
    expect((await store.operations.get('o_1'))?.state).toBe('completed')
    expect((await store.operations.progress('o_1')).edited).toBe(1)
    expect(await store.runs.positionOfKey('b_1', 'z')).toBe(0)
    expect((await store.operations.beginRetry(operationOf('o_2'), ['d_0'])).taken.length).toBe(1)
  }),

  test('an edit that comes too late changes nothing', async (store, expect) => {
    await beginWithLetters(store, 1)
    const edit = { expectedVersion: 1, body: '1' }
    await store.operations.edit(operationOf('o_1', { kind: 'edit' }), 'd_b_1_0', edit)
    expect(await codeOf(store.operations.edit(operationOf('o_2', { kind: 'edit' }), 'd_b_1_0', edit))).toBe('RD-1603')
    expect(await codeOf(store.operations.edit(operationOf('o_2', { kind: 'edit' }), 'd_nobody', edit))).toBe('RD-1601')
    await store.operations.beginRetry(operationOf('o_3'), ['d_b_1_0'])
    expect(
      await codeOf(
        store.operations.edit(operationOf('o_4', { kind: 'edit' }), 'd_b_1_0', { ...edit, expectedVersion: 2 }),
      ),
    ).toBe('RD-1602')
    expect((await store.letters.versions('d_b_1_0')).length).toBe(2)
    expect(await store.operations.get('o_2')).toBe(undefined)
    expect(await store.operations.get('o_4')).toBe(undefined)
  }),

  test('operations are listed newest first', async (store, expect) => {
    await begin(store)
    for (const id of ['o_1', 'o_2', 'o_3']) await store.operations.discard(operationOf(id, { kind: 'discard' }), [])
    expect((await all((page) => store.operations.list(page), 2)).map((operation) => operation.id)).toEqual([
      'o_3',
      'o_2',
      'o_1',
    ])
    expect((await store.operations.items('o_9', {})).rows).toEqual([])
  }),
]

function withoutPayload(position: number) {
  const { payload, ...write } = quarantineOf(position)
  return write
}
