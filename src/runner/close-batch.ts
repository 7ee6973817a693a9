import type { KeptBatchState } from '../model/batch.ts'
import type { Committer } from './committer.ts'
import type { Parked } from './parked.ts'
import { type Rows, rowWrite } from './rows.ts'
import type { BatchRunOptions, Conclusion } from './run.ts'
import type { LiveCounts } from './tally.ts'
import { type Ending, stateAfter } from './verdict.ts'

export interface ClosingBatch {
  readonly options: BatchRunOptions
  readonly rows: Rows
  readonly parked: Parked
  readonly committer: Committer
  readonly counts: LiveCounts
  readonly state: () => KeptBatchState
  /** Changes the batch's state, durably. */
  readonly turn: (to: KeptBatchState, why?: string, endedAtMs?: number) => Promise<void>
}

/** Ends a run in which nothing is under way any more: what is left is made durable, the verdict derived, the lease given up. */
export async function closeBatch(ending: Ending, closing: ClosingBatch): Promise<Conclusion> {
  const { store, batch, epoch, operationId } = closing.options
  giveBackArmed(closing)
  if (ending.kind === 'cancel' && operationId === undefined) await cancelOpen(closing)
  await closing.committer.flush()
  const conclusion =
    operationId === undefined ? await concludeBatch(ending, closing) : await concludeRedrive(ending, closing)
  await store.runs.release(batch.id, epoch)
  return conclusion
}

async function concludeBatch(ending: Ending, { options, state, turn }: ClosingBatch): Promise<Conclusion> {
  const to = stateAfter(ending, await options.store.runs.counts(options.batch.id))
  if (to === undefined) return { state: state(), interrupted: true }
  if (to === 'stopped') await turn(to, ending.why)
  else await turn(to, ending.kind === 'cancel' ? ending.why : undefined, options.clock.wallMs())
  return { state: to, interrupted: false, ...(to === 'stopped' && { stopReason: ending.why }) }
}

/** The batch keeps its state while its dead letters run again; its verdict is derived once more when they have ended. */
async function concludeRedrive(ending: Ending, { options }: ClosingBatch): Promise<Conclusion> {
  const state = await options.store.runs.settle(options.batch.id, options.clock.wallMs())
  return { state, interrupted: ending.kind === 'interrupt' }
}

/** Rows whose start is recorded but that never began. */
function giveBackArmed({ rows, committer }: ClosingBatch): void {
  for (const attempt of rows.takeArmed()) {
    const row = rows.rowOf(attempt)
    if (row) committer.write({ ...rowWrite(row), from: 'running', to: 'pending' })
  }
}

async function cancelOpen({ parked, committer, counts }: ClosingBatch): Promise<void> {
  for (const item of parked.all()) {
    committer.write({ ...rowWrite(item), from: item.state, to: 'cancelled' })
    counts.states.cancelled++
    if (committer.full) await committer.flush()
  }
}
