import {
  all,
  attemptOf,
  begin,
  beginWithLetters,
  checkpointOf,
  classified,
  failureOf,
  letterOf,
  newBatch,
  operationOf,
  progressOf,
  quarantineOf,
  startMs,
  upTo,
  writeOf,
} from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

export const letterTests: readonly StoreTest[] = [
  test('a quarantined item has a letter with all that is known', async (store, expect) => {
    const { commit } = await begin(store)
    const letter = letterOf(3, {
      line: 5,
      byte: 77,
      codeVersion: 'v1',
      stopped: true,
      ineligible: 'a function is no payload',
      raw: 'x,y',
    })
    await commit({ items: [quarantineOf(3, { letter, stage: 'load', dependency: 'api' })] })
    const { title, fingerprint, ...kept } = letter
    const expected = {
      ...kept,
      batchId: 'b_1',
      position: 3,
      key: 'k3',
      stage: 'load',
      dependency: 'api',
      state: 'quarantined',
      generation: 1,
      payloadVersion: 1,
      createdAtMs: startMs + 1,
      updatedAtMs: startMs + 1,
    }
    expect(await store.letters.get('d_3')).toEqual(expected)
    expect(await store.letters.at('b_1', 3)).toEqual(expected)
    expect(await store.letters.get('d_4')).toBe(undefined)
    expect(await store.letters.at('b_1', 4)).toBe(undefined)
    const quarantined = { atMs: startMs + 1, what: 'quarantined', generation: 1, by: 'runner', detail: 'permanent' }
    expect(await store.letters.lineage('d_3')).toEqual([quarantined])
    expect(await store.letters.versions('d_3')).toEqual([
      { version: 1, body: quarantineOf(3).payload?.body, by: 'source', atMs: startMs + 1 },
    ])
  }),

  test('a row that never ran is quarantined too', async (store, expect) => {
    const { commit } = await begin(store)
    const { attempt, ...write } = quarantineOf(0, { from: 'pending', payload: { version: 1, body: null, raw: 'x' } })
    await commit({ items: [write] })
    expect(await store.runs.attempts('b_1', 0)).toEqual([])
    expect((await store.letters.lineage('d_0'))[0]?.detail).toBe(classified().why)
  }),

  test('unknown and unsure ones are for review, whatever the caller says', async (store, expect) => {
    const { commit } = await begin(store)
    const items = [
      quarantineOf(0, { letter: letterOf(0, { classification: classified({ type: 'unknown' }) }) }),
      quarantineOf(1, { letter: letterOf(1, { classification: classified({ confidence: 0.49 }) }) }),
      quarantineOf(2, { letter: letterOf(2, { classification: classified({ confidence: 0.5 }) }) }),
      quarantineOf(3, { letter: letterOf(3, { view: 'review' }) }),
    ]
    await commit({ items })
    const views = await Promise.all(upTo(4).map(async (position) => (await store.letters.at('b_1', position))?.view))
    expect(views).toEqual(['review', 'review', 'failed', 'review'])
  }),

  test('a later generation updates the same letter and adds its attempts up', async (store, expect) => {
    const { commit } = await beginWithLetters(store, 1)
    for (const generation of [2, 3]) {
      await store.operations.beginRetry(operationOf(`o_${generation}`), ['d_b_1_0'])
      const progress = progressOf({ generation })
      const failure = failureOf(`G${generation}`)
      const letter = letterOf(0, { id: `d_other_${generation}`, attempts: 4, failure })
      const attempt = attemptOf({
        generation,
        failure,
        decision: { kind: 'quarantine', why: `generation ${generation}` },
      })
      await commit({
        items: [
          writeOf(0, 'pending', 'running', { progress }),
          writeOf(0, 'running', 'quarantined', { progress, letter, attempt }),
        ],
      })
      const now = await store.letters.get('d_b_1_0')
      expect([now?.generation, now?.attempts, now?.failure.code, now?.state, now?.operation]).toEqual([
        generation,
        1 + 4 * (generation - 1),
        `G${generation}`,
        'quarantined',
        undefined,
      ])
      expect(now?.view).toBe(generation < 3 ? 'failed' : 'review')
      expect((await store.operations.get(`o_${generation}`))?.state).toBe('completed')
    }
    expect((await store.letters.lineage('d_b_1_0')).map((entry) => [entry.what, entry.generation])).toEqual([
      ['quarantined', 1],
      ['redriven', 2],
      ['quarantined', 2],
      ['redriven', 3],
      ['quarantined', 3],
    ])
    expect((await store.runs.attempts('b_1', 0)).length).toBe(3)
    expect(await store.letters.count(undefined)).toBe(1)
  }),

  test('the list is newest first, without resolved ones unless a state is asked for', async (store, expect) => {
    const { commit } = await beginWithLetters(store, 5)
    await store.operations.beginRetry(operationOf('o_1'), ['d_b_1_1', 'd_b_1_2'])
    const progress = progressOf({ generation: 2 })
    await commit({
      items: [writeOf(1, 'pending', 'running', { progress }), writeOf(1, 'running', 'skipped', { progress })],
    })
    const ids = (await all((page) => store.letters.list(undefined, page), 2)).map((letter) => letter.position)
    expect(ids).toEqual([4, 3, 2, 0])
    expect(await store.letters.count(undefined)).toBe(4)
    const resolved = { op: 'field', field: 'state', test: { is: 'resolved' } } as const
    expect((await store.letters.list(resolved, {})).rows.map((letter) => letter.position)).toEqual([1])
    expect(await store.letters.stats(undefined)).toEqual({
      total: 4,
      byState: { quarantined: 3, redriving: 1 },
      byType: { validation: 4 },
      byDisposition: { permanent: 4 },
      byView: { failed: 3, scheduled: 1 },
      byJob: { orders: 4 },
      oldestAtMs: startMs + 1,
    })
    expect(await store.letters.stats({ op: 'field', field: 'job', test: { is: 'none' } })).toEqual({
      total: 0,
      byState: {},
      byType: {},
      byDisposition: {},
      byView: {},
      byJob: {},
    })
  }),

  test('error groups count the letters they have in quarantine, most first', async (store, expect) => {
    const { commit } = await begin(store)
    const of = (position: number, code: string) =>
      quarantineOf(position, { letter: letterOf(position, { failure: failureOf(code) }) })
    await commit({
      items: [of(0, 'A'), of(1, 'B'), of(2, 'B'), of(3, 'C'), of(4, 'C'), of(5, 'C')],
      checkpoint: checkpointOf(6, upTo(6)),
    })
    const failures = {
      group: 'E-healed',
      fingerprint: 'v1:9',
      title: 'healed',
      type: 'network',
      disposition: 'transient',
      count: 7,
    }
    await commit({ failures: [failures] })
    await store.operations.discard(operationOf('o_1', { kind: 'discard' }), ['d_5'])
    const groups = await all((page) => store.letters.groups(undefined, page), 2)
    expect(groups.map((group) => [group.title, group.letters, group.failures])).toEqual(
      [
        ['failed with B', 2, 0],
        ['failed with C', 2, 0],
        ['failed with A', 1, 0],
        ['healed', 0, 7],
      ].sort((one, other) => Number(other[1]) - Number(one[1]) || (idOf(one) < idOf(other) ? -1 : 1)),
    )
    expect((await store.runs.groups('b_1')).map((group) => [group.title, group.count])).toEqual([
      ['failed with C', 3],
      ['failed with B', 2],
      ['failed with A', 1],
    ])
    const query = { op: 'field', field: 'key', test: { is: 'k1' } } as const
    expect((await store.letters.groups(query, {})).rows.map((group) => [group.title, group.letters])).toEqual([
      ['failed with B', 1],
    ])
    expect((await store.letters.group(letterOf(0, { failure: failureOf('C') }).group))?.letters).toBe(2)
    expect(await store.letters.group('E-none')).toBe(undefined)

    function idOf(row: readonly unknown[]): string {
      return letterOf(0, { failure: failureOf(String(row[0]).at(-1)) }).group
    }
  }),

  test('an item that is cancelled while redriven is given up', async (store, expect) => {
    const { commit } = await beginWithLetters(store, 1, newBatch())
    await store.operations.beginRetry(operationOf('o_1'), ['d_b_1_0'])
    await commit({ items: [writeOf(0, 'pending', 'cancelled', { progress: progressOf({ generation: 2 }) })] })
    const letter = await store.letters.get('d_b_1_0')
    expect([letter?.state, letter?.operation]).toEqual(['discarded', undefined])
    expect((await store.letters.lineage('d_b_1_0')).at(-1)?.reason).toBe('the item was cancelled')
    expect(await store.operations.progress('o_1')).toEqual({
      pending: 0,
      succeeded: 0,
      skipped: 0,
      quarantined: 0,
      discarded: 0,
      edited: 0,
      left_out: 1,
    })
    const undone = await store.operations.undiscard(operationOf('o_2', { kind: 'undiscard' }), ['d_b_1_0'])
    expect(undone.taken).toEqual([])
  }),
]
