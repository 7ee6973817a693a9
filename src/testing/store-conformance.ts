import type { Store } from '../store/store.ts'
import { describeBatches } from './conformance/batches.ts'
import { describeCommits } from './conformance/commits.ts'
import { describeConservation } from './conformance/conservation.ts'
import { describeItems } from './conformance/items.ts'
import { describeLeases } from './conformance/leases.ts'
import { describeLetters } from './conformance/letters.ts'
import { describeOperations } from './conformance/operations.ts'
import { describeQueries } from './conformance/queries.ts'
import { describeSharing } from './conformance/sharing.ts'
import { describeSmallRooms } from './conformance/small-rooms.ts'

/** The few functions of a test runner that the suite needs: those of vitest and jest fit, `node:test` with any `expect` does too. */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => void
  readonly it: (name: string, run: () => Promise<void>) => void
  readonly expect: (actual: unknown) => { toBe(expected: unknown): void; toEqual(expected: unknown): void }
}

export interface StoreUnderTest {
  /** For the names of the tests. */
  readonly name: string
  /** An empty store; the suite closes it. */
  readonly open: () => Promise<Store>
  /** A second connection to the same ledger; absent where a ledger has only one. */
  readonly openAgain?: (first: Store) => Promise<Store>
}

/** What each part of the suite gets. */
export interface Suite extends TestRunner {
  /** Runs a test with an empty store, and closes it. */
  readonly withStore: (name: string, run: (store: Store) => Promise<void>) => void
  readonly under: StoreUnderTest
}

/** Every rule that the seam `store.ts` states, as tests: an adapter that passes is a ledger that redrive can stand on. */
export function describeStore(under: StoreUnderTest, runner: TestRunner): void {
  const withStore: Suite['withStore'] = (name, run) => {
    runner.it(name, async () => {
      const store = await under.open()
      try {
        await run(store)
      } finally {
        await store.close()
      }
    })
  }
  const suite: Suite = { ...runner, withStore, under }
  runner.describe(`store: ${under.name}`, () => {
    describeBatches(suite)
    describeLeases(suite)
    describeCommits(suite)
    describeItems(suite)
    describeLetters(suite)
    describeOperations(suite)
    describeQueries(suite)
    describeSmallRooms(suite)
    describeSharing(suite)
    describeConservation(suite)
  })
}
