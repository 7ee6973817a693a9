import type { Dependency } from './dependency.ts'
import { loadOpenRows } from './open-rows.ts'
import type { Rows } from './rows.ts'
import type { BatchRunOptions } from './run.ts'
import type { RunCore } from './run-core.ts'

export interface TakeUp {
  readonly options: BatchRunOptions
  readonly core: RunCore
  readonly rows: Rows
  readonly dependencies: ReadonlyMap<string, Dependency>
}

/** Takes up what the ledger has open: all of the batch, or the members of one operation. */
export async function takeUp(taking: TakeUp, operationId: string | undefined): Promise<void> {
  const { options, core, rows, dependencies } = taking
  const { store, clock, batch } = options
  const { committer, counts, outcomes } = core
  const operation = operationId === undefined ? {} : { operationId }
  const open = await loadOpenRows({
    ...{ runs: store.runs, clock, batchId: batch.id, committer, dependencies },
    ...operation,
  })
  for (const row of open.parked) outcomes.park(row)
  counts.states.pending += open.redrive.length + open.parked.filter((row) => row.state === 'pending').length
  counts.total += open.interrupted
  counts.notCounted += open.interrupted
  rows.redrive(open.redrive)
  await committer.flush()
}
