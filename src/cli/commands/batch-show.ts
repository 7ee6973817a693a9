import type { Command } from '../command.ts'
import { findBatch, reportOf } from '../find-batch.ts'
import { printReport } from '../print-report.ts'

/** `redrive batch show BATCH`. Exits 0: the batch's own exit code is in its JSON. */
export const batchShow: Command = async (call) => {
  const { args, store, world } = call
  const ledger = await store()
  const batch = await findBatch(ledger, args[0]!)
  const report = await reportOf(ledger, batch, world.nowMs())
  await printReport(call, report)
  return 0
}
