import { begin, checkpointOf, claimOf, codeOf, newBatch, owner, quarantineOf, startMs } from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

export const leaseTests: readonly StoreTest[] = [
  test('a free batch is claimed, and the epoch rises with each claim', async (store, expect) => {
    await store.runs.create(newBatch())
    expect(await store.runs.claim(claimOf('b_1'))).toEqual({ ok: true, epoch: 1 })
    expect((await store.runs.get('b_1'))?.lease).toEqual({ owner: owner(), epoch: 1, expiresAtMs: startMs + 10_000 })
    await store.runs.release('b_1', 1)
    expect((await store.runs.get('b_1'))?.lease).toBe(undefined)
    expect(await store.runs.claim(claimOf('b_1', { owner: owner('r2') }))).toEqual({ ok: true, epoch: 2 })
    expect((await store.runs.get('b_1'))?.epoch).toBe(2)
  }),

  test('a living lease is not taken, and its owner is named', async (store, expect) => {
    await begin(store)
    const lease = { owner: owner(), epoch: 1, expiresAtMs: startMs + 10_000 }
    expect(await store.runs.claim(claimOf('b_1', { nowMs: startMs + 9_999 }))).toEqual({ ok: false, lease })
    expect(await store.runs.claim(claimOf('b_1', { deadEpoch: 0 }))).toEqual({ ok: false, lease })
    expect((await store.runs.get('b_1'))?.epoch).toBe(1)
  }),

  test('an expired lease is taken, one renewed in time is not', async (store, expect) => {
    await begin(store)
    expect(await store.runs.renew('b_1', 1, startMs + 20_000)).toBe(true)
    expect((await store.runs.claim(claimOf('b_1', { nowMs: startMs + 10_000 }))).ok).toBe(false)
    expect(await store.runs.claim(claimOf('b_1', { nowMs: startMs + 20_000 }))).toEqual({ ok: true, epoch: 2 })
  }),

  test('the lease of an owner known to be dead is taken at once', async (store, expect) => {
    await begin(store)
    expect(await store.runs.claim(claimOf('b_1', { deadEpoch: 1, owner: owner('r2') }))).toEqual({
      ok: true,
      epoch: 2,
    })
    expect((await store.runs.claim(claimOf('b_1', { deadEpoch: 1 }))).ok).toBe(false)
  }),

  test('a stale epoch renews nothing, gives nothing up, commits nothing', async (store, expect) => {
    const { commit } = await begin(store)
    await store.runs.claim(claimOf('b_1', { deadEpoch: 1, owner: owner('r2') }))
    const before = await store.runs.get('b_1')
    expect(await store.runs.renew('b_1', 1, startMs + 90_000)).toBe(false)
    await store.runs.release('b_1', 1)
    expect(await codeOf(commit({ checkpoint: checkpointOf(5, [0, 1]) }))).toBe('RD-1402')
    expect(await codeOf(commit({ items: [quarantineOf(0)], batch: { from: 'running', to: 'paused' } }))).toBe('RD-1402')
    expect(await store.runs.get('b_1')).toEqual(before)
    expect((await store.letters.list(undefined, {})).rows).toEqual([])
    expect(await store.changes.latest()).toBe(0)
  }),

  test('who gave the lease up can no longer commit; twice is the same as once', async (store, expect) => {
    const { commit, epoch } = await begin(store)
    await store.runs.release('b_1', epoch)
    await store.runs.release('b_1', epoch)
    expect(await codeOf(commit({ checkpoint: checkpointOf(1, [0]) }))).toBe('RD-1402')
    expect(await store.runs.renew('b_1', epoch, startMs + 90_000)).toBe(false)
  }),

  test('signals are taken once, in order, and by the present owner only', async (store, expect) => {
    const { epoch } = await begin(store)
    await store.runs.signal('b_1', 'pause', undefined, startMs)
    await store.runs.signal('b_1', 'redrive', 'o_1', startMs + 1)
    expect(await store.runs.takeSignals('b_1', epoch + 1)).toEqual([])
    expect(await store.runs.takeSignals('b_1', epoch)).toEqual([
      { kind: 'pause', atMs: startMs },
      { kind: 'redrive', detail: 'o_1', atMs: startMs + 1 },
    ])
    expect(await store.runs.takeSignals('b_1', epoch)).toEqual([])
  }),
]
