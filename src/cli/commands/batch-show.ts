import { reportJson } from '../../report/report.ts'
import { reportMarkdown } from '../../report/report-markdown.ts'
import { reportText } from '../../report/report-text.ts'
import type { Command } from '../command.ts'
import { findBatch, reportOf } from '../find-batch.ts'

/** `redrive batch show BATCH`. Exits 0: the batch's own exit code is in its JSON. */
export const batchShow: Command = async ({ args, output, store, world }) => {
  const ledger = await store()
  const batch = await findBatch(ledger, args[0]!)
  const report = await reportOf(ledger, batch, world.nowMs())
  await output.page(reportJson(report), {
    text: () => reportText(report, { columns: Math.max(40, output.columns ?? 100), colours: output.colours }),
    markdown: () => reportMarkdown(report),
  })
  return 0
}
