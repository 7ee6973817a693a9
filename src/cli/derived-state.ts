import type { BatchState } from '../model/batch.ts'
import type { BatchRecord } from '../store/runs.ts'

/** Somebody holds the lease and it has not expired. */
export function isAlive({ lease }: Pick<BatchRecord, 'lease'>, nowMs: number): boolean {
  return lease !== undefined && lease.expiresAtMs > nowMs
}

/** Where a batch stands: `interrupted` when it is running without a living lease. */
export function derivedState(batch: Pick<BatchRecord, 'state' | 'lease'>, nowMs: number): BatchState {
  return batch.state === 'running' && !isAlive(batch, nowMs) ? 'interrupted' : batch.state
}
