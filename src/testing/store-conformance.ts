import type { Store } from '../store/store.ts'
import { batchTests } from './conformance/batches.ts'
import { commitTests } from './conformance/commits.ts'
import { conservationTests } from './conformance/conservation.ts'
import { itemTests } from './conformance/items.ts'
import { leaseTests } from './conformance/leases.ts'
import { letterTests } from './conformance/letters.ts'
import { operationTests } from './conformance/operations.ts'
import { queryTests } from './conformance/queries.ts'
import { sharingTests } from './conformance/sharing.ts'
import { smallRoomTests } from './conformance/small-rooms.ts'
import type { Expect, StoreTest } from './conformance/store-test.ts'

/** The few functions of a test runner that the suite needs: those of vitest and jest fit, `node:test` with any `expect` does too. */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => void
  readonly it: (name: string, run: () => Promise<void>) => void
  readonly expect: Expect
}

/** The store that the suite is run over. */
export interface StoreUnderTest {
  /** For the names of the tests. */
  readonly name: string
  /** An empty store; the suite closes it. */
  readonly open: () => Promise<Store>
  /** A second connection to the same ledger; absent where a ledger has only one: then what needs two is left out. */
  readonly openAgain?: (first: Store) => Promise<Store>
}

const parts: readonly (readonly [name: string, tests: readonly StoreTest[]])[] = [
  ['batches', batchTests],
  ['leases', leaseTests],
  ['commits', commitTests],
  ['items', itemTests],
  ['dead letters', letterTests],
  ['operations', operationTests],
  ['queries', queryTests],
  ['cells, series, the store itself', smallRoomTests],
  ['two connections', sharingTests],
  ['conservation', conservationTests],
]

/** Every rule that the seam `store.ts` states, as tests: an adapter that passes is a ledger that redrive can stand on. */
export function describeStore(under: StoreUnderTest, runner: TestRunner): void {
  runner.describe(`store: ${under.name}`, () => {
    for (const [name, tests] of parts) {
      const possible = tests.filter((test) => !test.needsTwo || under.openAgain)
      if (possible.length === 0) continue
      runner.describe(name, () => {
        for (const test of possible) runner.it(test.name, () => runTest(under, test, runner.expect))
      })
    }
  })
}

async function runTest(under: StoreUnderTest, test: StoreTest, expect: Expect): Promise<void> {
  const store = await under.open()
  const other = test.needsTwo ? await under.openAgain?.(store) : undefined
  try {
    await test.run(store, expect, other)
  } finally {
    await other?.close()
    await store.close()
  }
}
