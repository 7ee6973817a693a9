import { type Report, reportJson } from '../report/report.ts'
import { reportMarkdown } from '../report/report-markdown.ts'
import { reportText } from '../report/report-text.ts'
import { nextCommands } from '../report/verdict.ts'
import type { Call } from './command.ts'
import { atStore } from './shell-word.ts'

/** A report on standard output, in the format that was asked for. `next`: commands in place of the report's own. */
export async function printReport(
  { output, globals }: Pick<Call, 'output' | 'globals'>,
  report: Report,
  next: readonly string[] = nextCommands(report),
): Promise<void> {
  await output.page(reportJson(report), {
    text: () =>
      reportText(report, {
        columns: Math.max(40, output.columns ?? 100),
        colours: output.colours,
        next: next.map((command) => atStore(command, globals.store)),
      }),
    markdown: () => reportMarkdown(report),
  })
}
