import type { BatchState } from '../model/batch.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { reportJson } from '../report/report.ts'
import type { BatchRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Call } from './command.ts'
import { findBatch, reportOf } from './find-batch.ts'

/** A batch after an act on it. */
export interface BatchAct {
  readonly batchId: string
  /** What became of it, without its name: `is paused`. */
  readonly said: string
  readonly next: readonly string[]
}

/** Says what became of a batch; with `--json` as `batch show` prints it. Exits 0: the act was done, or asked for. */
export async function printBatchAct(
  { output, talk, world }: Call,
  store: Store,
  { batchId, said, next }: BatchAct,
): Promise<number> {
  const report = await reportOf(store, await findBatch(store, batchId), world.nowMs())
  await output.page(reportJson(report), { text: () => `Batch ${batchId} ${said}.\n` })
  await talk.next(...next)
  return 0
}

/** RD-1502: a batch from whose state the act is not possible. */
export function wrongState({ id }: Pick<BatchRecord, 'id'>, act: string, state: BatchState): RedriveError {
  const ended = ['completed', 'completed_with_failures', 'cancelled', 'rolled_back'].includes(state)
  return new RedriveError('RD-1502', {
    what: `Batch ${id} is ${state.replaceAll('_', ' ')}: it can't be ${act}.`,
    fix: ended
      ? `It has ended. See it with redrive batch show ${id}.`
      : `Go on with it first: redrive batch resume ${id}`,
  })
}
