import type { Runs } from '../runs.ts'
import { createBatches } from './batches.ts'
import { createCommit } from './commit.ts'
import type { Connection } from './connection.ts'
import { createCounts } from './counts.ts'
import { createItems } from './items.ts'
import { createLeases } from './leases.ts'
import { createOpenItems } from './open-items.ts'
import { createSignals } from './signals.ts'

export function createRuns(connection: Connection): Runs {
  return {
    ...createBatches(connection),
    ...createLeases(connection),
    ...createCommit(connection),
    ...createOpenItems(connection),
    ...createCounts(connection),
    ...createItems(connection),
    ...createSignals(connection),
  }
}
