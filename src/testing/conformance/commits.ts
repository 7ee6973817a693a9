import type { ItemWrite } from '../../store/runs.ts'
import {
  attemptOf,
  begin,
  checkpointOf,
  codeOf,
  failureOf,
  letterOf,
  newBatch,
  progressOf,
  quarantineOf,
  startMs,
  upTo,
  waitOf,
  writeOf,
} from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

const waiting = [waitOf(0)]
const refused: readonly (readonly [name: string, before: readonly ItemWrite[], write: ItemWrite])[] = [
  ['a row that is in another state', waiting, writeOf(0, 'held', 'running')],
  ['a change that the table does not know', waiting, writeOf(0, 'waiting', 'succeeded')],
  ['a new item that comes from nowhere', [], writeOf(0, 'waiting', 'running')],
  ['a dead letter that comes back without an operation', [quarantineOf(0)], writeOf(0, 'quarantined', 'pending')],
  ['a dead letter that is given up without an operation', [quarantineOf(0)], writeOf(0, 'quarantined', 'discarded')],
  ['an item that runs again after its end', [writeOf(0, 'running', 'skipped')], writeOf(0, 'running', 'waiting')],
  ['a quarantine without a letter', [], writeOf(0, 'running', 'quarantined')],
]

export const commitTests: readonly StoreTest[] = [
  test('a checkpoint is kept as it was given', async (store, expect) => {
    const { commit } = await begin(store)
    const tally = { total: 9, retries: 2, notCounted: 1, recovered: 1 }
    const checkpoint = checkpointOf(12, [0, 1, 4, 7, 8, 9], {
      exhausted: true,
      tally,
      cursor: '{"position":2,"byte":77}',
    })
    await commit({ checkpoint })
    expect((await store.runs.get('b_1'))?.checkpoint).toEqual(checkpoint)
  }),

  test('an item waits, runs again and succeeds: its row and attempts stay, its payload goes', async (store, expect) => {
    const { commit } = await begin(store)
    await commit({ items: [waitOf(3, { dependency: 'api' })], checkpoint: checkpointOf(4, upTo(4)) })
    expect([...(await store.runs.payloads('b_1', [3, 4]))]).toEqual([[3, { version: 1, body: '{"id":3}' }]])
    await commit({ items: [writeOf(3, 'waiting', 'running', { progress: progressOf({ attempts: 2 }) })] })
    const success = attemptOf({ n: 2, outcome: 'succeeded', decision: { kind: 'succeed', why: 'it did' } })
    const { failure, classification, ...second } = success
    await commit({
      items: [writeOf(3, 'running', 'succeeded', { attempt: second, progress: progressOf({ attempts: 2 }) })],
    })
    expect(await store.runs.attempts('b_1', 3)).toEqual([waitOf(3).attempt, second])
    expect((await store.runs.payloads('b_1', [3])).size).toBe(0)
    const counts = await store.runs.counts('b_1')
    expect([counts.read, counts.succeeded, counts.waiting]).toEqual([4, 4, 0])
  }),

  test('all of a group is written, or nothing', async (store, expect) => {
    const { commit } = await begin(store)
    const before = await store.runs.get('b_1')
    const group = {
      items: [quarantineOf(0), waitOf(1), writeOf(1, 'held', 'running')],
      checkpoint: checkpointOf(2, [0, 1]),
      spool: [{ position: 5, body: '5' }],
      successes: [{ position: 7, key: 'k7', attempts: 1, atMs: startMs }],
      notices: [{ type: 'notice', code: 'n', message: 'm' }] as const,
      failures: [
        { group: 'E-1', fingerprint: 'v1:1', title: 't', type: 'network', disposition: 'transient', count: 1 },
      ],
      series: [{ bucketMs: startMs, dependency: '', outcome: 'failed' as const, count: 1 }],
    }
    expect(await codeOf(commit(group))).toBe('RD-1999')
    expect(await store.runs.get('b_1')).toEqual(before)
    expect((await store.runs.items('b_1', undefined, {})).rows).toEqual([])
    expect((await store.runs.payloads('b_1', [0, 1])).size).toBe(0)
    expect((await store.runs.spooled('b_1', {})).rows).toEqual([])
    expect((await store.letters.groups(undefined, {})).rows).toEqual([])
    expect(await store.series.read('b_1')).toEqual([])
    expect(await store.changes.latest()).toBe(0)
  }),

  ...refused.map(([name, before, write]) =>
    test(`${name} is refused as a bug`, async (store, expect) => {
      const { commit } = await begin(store)
      if (before.length > 0) await commit({ items: before })
      const items = (await store.runs.items('b_1', undefined, {})).rows
      expect(await codeOf(commit({ items: [write] }))).toBe('RD-1999')
      expect((await store.runs.items('b_1', undefined, {})).rows).toEqual(items)
    }),
  ),

  test('what has succeeded without a row, or with a kept one, gets no other outcome', async (store, expect) => {
    const { commit } = await begin(store)
    await commit({
      checkpoint: checkpointOf(9, [0, 1, 5]),
      successes: [{ position: 7, key: 'k7', attempts: 1, atMs: startMs }],
    })
    for (const position of [0, 5, 7]) expect(await codeOf(commit({ items: [waitOf(position)] }))).toBe('RD-1999')
    await commit({ items: [waitOf(6)] })
    expect((await store.runs.open('b_1', {})).rows.map((row) => row.position)).toEqual([6])
  }),

  test('rows that were spooled go with the watermark', async (store, expect) => {
    const { commit } = await begin(store, newBatch('b_1', { spooled: true }))
    await commit({ spool: upTo(6).map((position) => ({ position, body: `{"n":${position}}` })) })
    await commit({ checkpoint: checkpointOf(6, [0, 1, 3]) })
    const rows = await store.runs.spooled('b_1', { limit: 3 })
    expect(rows.rows).toEqual([2, 3, 4].map((position) => ({ position, body: `{"n":${position}}` })))
    expect((await store.runs.spooled('b_1', { after: rows.next ?? '' })).rows.map((row) => row.position)).toEqual([5])
  }),

  test('failures are counted by group, over commits and batches', async (store, expect) => {
    const { commit } = await begin(store)
    const failures = {
      group: 'E-1',
      fingerprint: 'v1:1',
      title: 't',
      type: 'network',
      disposition: 'transient',
      count: 2,
    }
    await commit({ failures: [failures] })
    await commit({ failures: [{ ...failures, count: 3 }], atMs: startMs + 50 })
    const { count, group, ...rest } = failures
    expect(await store.letters.group('E-1')).toEqual({
      ...rest,
      id: 'E-1',
      failures: 5,
      letters: 0,
      firstSeenAtMs: startMs + 1,
      lastSeenAtMs: startMs + 50,
    })
  }),

  test('every change but starts and plain successes is in the feed, in order', async (store, expect) => {
    const { commit } = await begin(store)
    await commit({ items: [waitOf(0), writeOf(0, 'waiting', 'running')], checkpoint: checkpointOf(9, upTo(5)) })
    await commit({
      notices: [{ type: 'notice', code: 'breaker_open', message: 'api is down', dependency: 'api' }],
      batch: { from: 'running', to: 'paused', why: 'asked' },
    })
    const changes = await store.changes.since(0)
    expect(changes.map((change) => change.event)).toEqual([
      { type: 'item', position: 0, key: 'k0', from: 'running', to: 'waiting' },
      { type: 'batch', from: 'running', to: 'paused', why: 'asked' },
      { type: 'notice', code: 'breaker_open', message: 'api is down', dependency: 'api' },
    ])
    expect(changes.every((change) => change.batchId === 'b_1' && change.atMs === startMs + 1)).toBe(true)
    const [first, second] = changes
    expect(await store.changes.since(first!.seq, 1)).toEqual([second])
    expect(await store.changes.latest()).toBe(changes.at(-1)?.seq)
  }),

  test('texts come back as they were, in whatever script', async (store, expect) => {
    const { commit } = await begin(store)
    const key = 'ключ 鍵 🔑 "quoted" \\ \n \u2028 %_*?['
    await commit({
      items: [
        quarantineOf(0, {
          key,
          letter: letterOf(0, { failure: failureOf('É', { message: key, stack: key.repeat(50) }), raw: key }),
        }),
      ],
    })
    const letter = await store.letters.at('b_1', 0)
    expect([letter?.key, letter?.failure.message, letter?.failure.stack, letter?.raw]).toEqual([
      key,
      key,
      key.repeat(50),
      key,
    ])
    expect(await store.runs.positionOfKey('b_1', key)).toBe(0)
  }),
]
