import type { Store } from '../../store/store.ts'

/** As `expect` of vitest and jest. */
export type Expect = (actual: unknown) => { toBe(expected: unknown): void; toEqual(expected: unknown): void }

/** One rule of the seam. */
export interface StoreTest {
  readonly name: string
  /** It needs a second connection to the same ledger. */
  readonly needsTwo: boolean
  /** `other` is there if it was needed. */
  readonly run: (store: Store, expect: Expect, other: Store | undefined) => Promise<void>
}

/** A rule for any store. */
export function test(name: string, run: (store: Store, expect: Expect) => Promise<void>): StoreTest {
  return { name, needsTwo: false, run }
}

/** A rule for two connections to one ledger. */
export function testTwo(name: string, run: (one: Store, expect: Expect, other: Store) => Promise<void>): StoreTest {
  const runTwo: StoreTest['run'] = async (one, expect, other) => {
    if (!other) throw new Error('this test needs a second connection')
    await run(one, expect, other)
  }
  return { name, needsTwo: true, run: runTwo }
}
