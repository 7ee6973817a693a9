import { begin, beginWithLetters, codeOf, operationOf, startMs, upTo } from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

export const smallRoomTests: readonly StoreTest[] = [
  test('a cell is written by who has seen its newest version', async (store, expect) => {
    const key = 'breaker/orders/api'
    expect(await store.cells.get(key)).toBe(undefined)
    expect(await store.cells.put({ key, version: 1, value: '{}' })).toBe(false)
    expect(await store.cells.put({ key, version: 0, value: '1', expiresAtMs: startMs })).toBe(true)
    expect(await store.cells.put({ key, version: 0, value: '2' })).toBe(false)
    expect(await store.cells.get(key)).toEqual({ key, version: 1, value: '1', expiresAtMs: startMs })
    expect(await store.cells.put({ key, version: 1, value: '2' })).toBe(true)
    expect(await store.cells.get(key)).toEqual({ key, version: 2, value: '2' })
    await store.cells.remove(key)
    await store.cells.remove(key)
    expect(await store.cells.get(key)).toBe(undefined)
  }),

  test('cells are listed by the prefix of their key, sorted', async (store, expect) => {
    for (const key of ['b/é', 'a/1', 'b/10', 'b/1', 'b', 'B/1', 'b%', 'b/😀'])
      await store.cells.put({ key, version: 0, value: key })
    expect((await store.cells.list('b/')).map((cell) => cell.key)).toEqual(['b/1', 'b/10', 'b/é', 'b/😀'])
    expect((await store.cells.list('')).length).toBe(8)
    expect(await store.cells.list('c')).toEqual([])
  }),

  test('attempts add up in buckets', async (store, expect) => {
    const { commit } = await begin(store)
    const point = (bucketMs: number, outcome: 'succeeded' | 'failed', count: number, dependency = '') => ({
      bucketMs,
      dependency,
      outcome,
      count,
    })
    await commit({ series: [point(startMs, 'succeeded', 5), point(startMs, 'failed', 1)] })
    await commit({
      series: [
        point(startMs, 'succeeded', 2),
        point(startMs + 10_000, 'succeeded', 1),
        point(startMs + 10_000, 'failed', 1, 'api'),
      ],
    })
    expect(await store.series.read('b_1')).toEqual([
      point(startMs, 'failed', 1),
      point(startMs, 'succeeded', 7),
      point(startMs + 10_000, 'succeeded', 1),
      point(startMs + 10_000, 'failed', 1, 'api'),
    ])
    expect(await store.series.read('b_1', { fromMs: startMs + 1 })).toEqual([
      point(startMs + 10_000, 'succeeded', 1),
      point(startMs + 10_000, 'failed', 1, 'api'),
    ])
    expect((await store.series.read('b_1', { toMs: startMs })).length).toBe(2)
    expect(await store.series.read('b_9')).toEqual([])
  }),

  test('it tells what it holds, and is sound', async (store, expect) => {
    await beginWithLetters(store, 3)
    await store.operations.discard(operationOf('o_1', { kind: 'discard' }), ['d_b_1_0'])
    const info = await store.info()
    expect([info.batches, info.letters, info.operations, info.url]).toEqual([1, 3, 1, store.url])
    expect(await store.check()).toEqual([])
  }),

  test('closing twice is the same as once, and nothing works afterwards', async (store, expect) => {
    await begin(store)
    await Promise.all(upTo(3).map(() => store.close()))
    await store.close()
    expect(await codeOf(store.runs.get('b_1'))).toBe('RD-1301')
    expect(await codeOf(store.cells.put({ key: 'a', version: 0, value: '' }))).toBe('RD-1301')
  }),
]
