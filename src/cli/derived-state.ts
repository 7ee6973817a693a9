import type { BatchState } from '../model/batch.ts'
import { isAlive, thisOwner } from '../runner/owner.ts'
import type { BatchRecord } from '../store/runs.ts'

/** Somebody runs the batch: its lease has not expired, and its owner is not provably dead on this machine. */
export function isRun({ lease }: Pick<BatchRecord, 'lease'>, nowMs: number): boolean {
  return lease !== undefined && isAlive(lease, nowMs, thisOwner())
}

/** Where a batch stands: `interrupted` when it is running and nobody runs it. */
export function derivedState(batch: Pick<BatchRecord, 'state' | 'lease'>, nowMs: number): BatchState {
  return batch.state === 'running' && !isRun(batch, nowMs) ? 'interrupted' : batch.state
}
