import type { Store } from '../../store/store.ts'
import { all, begin, beginWithLetters, checkpointOf, codeOf, newBatch, operationOf, startMs, upTo } from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

export const batchTests: readonly StoreTest[] = [
  test('a new batch is running, free, and has read nothing', async (store, expect) => {
    const more = {
      sourceKey: 'csv:a',
      spooled: true,
      file: 'a.ts',
      exportName: 'default',
      codeVersion: 'v1',
      secret: ['card.number'],
      limit: 9,
    }
    await store.runs.create(newBatch('b_1', more))
    const batch = await store.runs.get('b_1')
    expect(batch).toEqual({
      ...newBatch('b_1', more),
      state: 'running',
      epoch: 0,
      checkpoint: { ...checkpointOf(0, []), cursor: 'null' },
    })
    expect(await store.runs.get('b_2')).toBe(undefined)
  }),

  test('an id is used once', async (store, expect) => {
    await store.runs.create(newBatch('b_1'))
    expect(await codeOf(store.runs.create(newBatch('b_1')))).toBe('RD-1999')
  }),

  test('the newest unfinished batch of a job and source is found; finished ones are not', async (store, expect) => {
    for (const id of ['b_1', 'b_2', 'b_3']) await store.runs.create(newBatch(id, { sourceKey: 's' }))
    await store.runs.create(newBatch('b_4', { sourceKey: 'other' }))
    await store.runs.create(newBatch('b_5'))
    expect((await store.runs.unfinished('orders', 's'))?.id).toBe('b_3')
    await endBatch(store, 'b_3', 'cancelled')
    expect((await store.runs.unfinished('orders', 's'))?.id).toBe('b_2')
    await endBatch(store, 'b_2', 'stopped')
    expect((await store.runs.unfinished('orders', 's'))?.id).toBe('b_2')
    expect(await store.runs.unfinished('bills', 's')).toBe(undefined)
  }),

  test('the list is newest first, in pages', async (store, expect) => {
    for (const position of upTo(7)) await store.runs.create(newBatch(`b_${position}`))
    const ids = (await all((page) => store.runs.list(undefined, page))).map((row) => row.id)
    expect(ids).toEqual(['b_6', 'b_5', 'b_4', 'b_3', 'b_2', 'b_1', 'b_0'])
    expect(await codeOf(store.runs.list(undefined, { after: 'nonsense' }))).toBe('RD-1101')
  }),

  test('a batch changes state by the table only, and tells why it stopped', async (store, expect) => {
    const { commit, batchId } = await begin(store)
    await commit({ batch: { from: 'running', to: 'stopped', why: '5 failures', endedAtMs: startMs + 9 } })
    const stopped = await store.runs.get(batchId)
    expect([stopped?.state, stopped?.stopReason, stopped?.endedAtMs]).toEqual(['stopped', '5 failures', startMs + 9])
    expect(await codeOf(commit({ batch: { from: 'running', to: 'completed' } }))).toBe('RD-1999')
    expect(await codeOf(commit({ batch: { from: 'stopped', to: 'completed' } }))).toBe('RD-1999')
    await commit({ batch: { from: 'stopped', to: 'running', endedAtMs: null } })
    await commit({ batch: { from: 'interrupted', to: 'running' } })
    const resumed = await store.runs.get(batchId)
    expect([resumed?.state, resumed?.stopReason, resumed?.endedAtMs]).toEqual(['running', undefined, undefined])
  }),

  test('the verdict is derived again when the last dead letter is resolved', async (store, expect) => {
    const { commit, batchId } = await beginWithLetters(store, 2)
    expect(await store.runs.settle(batchId, startMs)).toBe('running')
    await commit({ batch: { from: 'running', to: 'completed_with_failures' } })
    expect(await store.runs.settle(batchId, startMs)).toBe('completed_with_failures')
    await store.operations.discard(operationOf('o_1'), ['d_b_1_0'])
    expect(await store.runs.settle(batchId, startMs)).toBe('completed_with_failures')
    await store.operations.beginRetry(operationOf('o_2'), ['d_b_1_1'])
    expect(await store.runs.settle(batchId, startMs)).toBe('completed_with_failures')
    const redriven = { position: 1, key: 'k1', progress: { generation: 2, attempts: 1, counted: {}, excludedMs: 0 } }
    await commit({
      items: [
        { ...redriven, from: 'pending', to: 'running' },
        { ...redriven, from: 'running', to: 'succeeded' },
      ],
    })
    expect(await store.runs.settle(batchId, startMs + 7)).toBe('completed')
    expect((await store.runs.get(batchId))?.state).toBe('completed')
    const change = (await store.changes.since(0)).at(-1)!
    expect([change.atMs, change.event.type, (change.event as { to?: string }).to]).toEqual([
      startMs + 7,
      'batch',
      'completed',
    ])
  }),

  test('onComplete is given to one caller, ever', async (store, expect) => {
    await begin(store)
    const answers = await Promise.all(upTo(4).map(() => store.runs.takeOnComplete('b_1')))
    expect(answers.filter(Boolean).length).toBe(1)
    expect(await store.runs.takeOnComplete('b_1')).toBe(false)
  }),

  test('what is asked of a batch that is not there says so', async (store, expect) => {
    const asked = [
      store.runs.counts('b_9'),
      store.runs.takeOnComplete('b_9'),
      store.runs.signal('b_9', 'pause', undefined, 1),
      store.runs.items('b_9', undefined, {}),
    ]
    for (const call of asked) expect(await codeOf(call)).toBe('RD-1501')
  }),
]

async function endBatch(store: Store, batchId: string, to: 'cancelled' | 'stopped'): Promise<void> {
  const claimed = await store.runs.claim({
    batchId,
    owner: { host: '', bootId: '', pidNamespace: '', pid: 1, processStart: '', runnerId: '' },
    nowMs: 0,
    expiresAtMs: 1,
  })
  await store.runs.commit({
    batchId,
    epoch: claimed.ok ? claimed.epoch : -1,
    atMs: startMs,
    batch: { from: 'running', to },
  })
}
