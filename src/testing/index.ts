/** `redrive/testing`: for tests of jobs, and of stores of one's own. */
export { type CommitStepHook, type FailPoint, type Fault, type FaultyOptions, openFaultyStore } from './faulty-store.ts'
export {
  createModelLedger,
  type ModelBatch,
  type ModelItem,
  type ModelLedger,
  type ModelLetter,
  type ModelOperation,
} from './model-ledger.ts'
export { createModelStore, type ModelCall, type ModelStoreOptions } from './model-store.ts'
export { createSeededRandom, type SeededRandom } from './seeded-random.ts'
export { describeStore, type StoreUnderTest, type TestRunner } from './store-conformance.ts'
export { createVirtualClock, type VirtualClock } from './virtual-clock.ts'
