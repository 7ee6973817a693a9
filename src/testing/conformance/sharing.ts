import { begin, checkpointOf, claimOf, codeOf, newBatch, operationOf, owner, quarantineOf, upTo } from './fixtures.ts'
import { type StoreTest, testTwo } from './store-test.ts'

/** What two processes with one ledger may count on. */
export const sharingTests: readonly StoreTest[] = [
  testTwo('what one has committed the other sees, and keeps after the first has closed', async (one, expect, other) => {
    const { commit } = await begin(one)
    await commit({ items: [quarantineOf(0)], checkpoint: checkpointOf(3, [0, 1]) })
    expect(await other.runs.counts('b_1')).toEqual(await one.runs.counts('b_1'))
    await one.close()
    expect((await other.letters.get('d_0'))?.state).toBe('quarantined')
    expect((await other.runs.get('b_1'))?.checkpoint).toEqual(checkpointOf(3, [0, 1]))
  }),

  testTwo('a lease taken by the other fences the first', async (one, expect, other) => {
    const { commit } = await begin(one)
    expect(await other.runs.claim(claimOf('b_1', { deadEpoch: 1, owner: owner('r2') }))).toEqual({
      ok: true,
      epoch: 2,
    })
    expect(await codeOf(commit({ checkpoint: checkpointOf(3, [0]) }))).toBe('RD-1402')
  }),

  testTwo('of two that claim at once one wins', async (one, expect, other) => {
    await one.runs.create(newBatch())
    const claims = await Promise.all([
      one.runs.claim(claimOf('b_1')),
      other.runs.claim(claimOf('b_1', { owner: owner('r2') })),
    ])
    expect(claims.filter((claim) => claim.ok).length).toBe(1)
  }),

  testTwo('two batches are run side by side', async (one, expect, other) => {
    const first = await begin(one, newBatch('b_1'))
    const second = await begin(other, newBatch('b_2'))
    for (const n of upTo(20)) {
      await Promise.all([
        first.commit({ checkpoint: checkpointOf(20, upTo(n + 1)) }),
        second.commit({ checkpoint: checkpointOf(20, upTo(n)) }),
      ])
    }
    expect((await other.runs.counts('b_1')).succeeded).toBe(20)
    expect((await one.runs.counts('b_2')).succeeded).toBe(19)
  }),

  testTwo('a letter that both want to redrive goes to one', async (one, expect, other) => {
    const { commit } = await begin(one)
    await commit({ items: [quarantineOf(0)] })
    const begun = await Promise.all([
      one.operations.beginRetry(operationOf('o_1'), ['d_0']),
      other.operations.beginRetry(operationOf('o_2'), ['d_0']),
    ])
    expect(begun.map(({ taken }) => taken.length).sort()).toEqual([0, 1])
  }),

  testTwo('a signal from the other is taken', async (one, expect, other) => {
    const { epoch } = await begin(one)
    await other.runs.signal('b_1', 'pause', undefined, 5)
    expect(await one.runs.takeSignals('b_1', epoch)).toEqual([{ kind: 'pause', atMs: 5 }])
    expect(await other.runs.takeSignals('b_1', epoch)).toEqual([])
  }),

  testTwo('a cell goes to the faster one', async (one, expect, other) => {
    const puts = await Promise.all([
      one.cells.put({ key: 'c', version: 0, value: 'one' }),
      other.cells.put({ key: 'c', version: 0, value: 'other' }),
    ])
    expect(puts.filter(Boolean).length).toBe(1)
  }),
]
