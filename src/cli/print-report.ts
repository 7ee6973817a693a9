import { type Report, reportJson } from '../report/report.ts'
import { reportMarkdown } from '../report/report-markdown.ts'
import { reportText } from '../report/report-text.ts'
import type { Call } from './command.ts'

/** A report on standard output, in the format that was asked for. `next`: commands in place of the report's own. */
export async function printReport(
  { output }: Pick<Call, 'output'>,
  report: Report,
  next?: readonly string[],
): Promise<void> {
  await output.page(reportJson(report), {
    text: () =>
      reportText(report, {
        columns: Math.max(40, output.columns ?? 100),
        colours: output.colours,
        ...(next && { next }),
      }),
    markdown: () => reportMarkdown(report),
  })
}
