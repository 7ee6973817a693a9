import { formatDuration } from '../model/duration.ts'
import { formatCount } from './figures.ts'
import type { Report } from './report.ts'
import { terminalText } from './terminal-text.ts'
import { nextCommands, verdict } from './verdict.ts'

/** A report as GitHub-flavoured Markdown: verdict first, tables of counts and causes, next commands. */
export function reportMarkdown(report: Report): string {
  const [headline = '', ...rest] = verdict(report).map(markdownText)
  const took = report.endedAt
    ? ` It took ${formatDuration(Math.max(0, report.endedAt.getTime() - report.startedAt.getTime()))}.`
    : ''
  const { read, ...states } = report.counts
  const counts = [
    ['read', read] as const,
    ...Object.entries(states).filter(([state, count]) => count > 0 || state === 'succeeded' || state === 'quarantined'),
  ]
  const { total, retries, notCounted } = report.attempts
  const lines = [
    `# ${markdownText(report.job)}: ${report.state.replaceAll('_', ' ')}`,
    '',
    `**${headline}** ${rest.join(' ')}`,
    '',
    `Batch \`${report.batchId}\`, started ${report.startedAt.toISOString()}.${took} Exit code ${report.exitCode}.`,
    '',
    ...markdownTable(
      ['Items', 'Count'],
      counts.map(([state, count]) => [state.replaceAll('_', ' '), formatCount(count)]),
      [1],
    ),
    '',
    `${formatCount(total)} attempts, ${formatCount(retries)} of them retries; ${formatCount(notCounted)} not counted.`,
  ]
  if (report.groups.length > 0) {
    const rows = report.groups.map((group) => [
      group.id,
      formatCount(group.count),
      group.type,
      group.disposition,
      group.title,
    ])
    lines.push(
      '',
      '## Causes',
      '',
      ...markdownTable(['Group', 'Dead letters', 'Type', 'Disposition', 'What'], rows, [1]),
    )
  }
  const next = nextCommands(report)
  if (next.length > 0) lines.push('', '## Next', '', '```sh', ...next, '```')
  return `${lines.join('\n')}\n`
}

/** Lines of a Markdown table; `right` are the columns set right. Cells are escaped. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(heads.map(markdownText)),
    line(heads.map((_, i) => (right.includes(i) ? '--:' : '---'))),
    ...rows.map((row) => line(row.map(markdownText))),
  ]
}

/** Text of others that Markdown and HTML leave as it is, on one line. */
export function markdownText(text: string): string {
  return terminalText(text)
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
