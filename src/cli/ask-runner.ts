import type { BatchRecord, SignalKind } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { isRun } from './derived-state.ts'
import { findBatch } from './find-batch.ts'
import type { World } from './world.ts'

/** A runner looks for signals twice a second, and may have attempts under way. */
const patienceMs = 10_000
const lookMs = 200

/** What came of it: done, still under way, or nobody was there any more. */
export type Asked = 'done' | 'asked' | 'gone'

export interface Asking {
  readonly store: Store
  readonly batchId: string
  readonly kind: SignalKind
  readonly isDone: (batch: BatchRecord) => boolean
}

/** Sends a signal to the living runner of a batch and waits until the batch is as wanted, at most 10 s. */
export async function askRunner(
  world: Pick<World, 'nowMs' | 'sleep'>,
  { store, batchId, kind, isDone }: Asking,
): Promise<Asked> {
  await store.runs.signal(batchId, kind, undefined, world.nowMs())
  for (const untilMs = world.nowMs() + patienceMs; ; ) {
    const batch = await findBatch(store, batchId)
    if (isDone(batch)) return 'done'
    if (!isRun(batch, world.nowMs())) return 'gone'
    if (world.nowMs() >= untilMs) return 'asked'
    await world.sleep(lookMs)
  }
}
