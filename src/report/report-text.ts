import { formatDuration } from '../model/duration.ts'
import { type Colours, noColours } from './colours.ts'
import { formatCount } from './figures.ts'
import type { Report } from './report.ts'
import { fitText, padText, terminalText } from './terminal-text.ts'
import { nextCommands, verdict } from './verdict.ts'

/** Groups shown; the rest is counted. */
const groupsMax = 10

/** A report for a terminal: verdict first, then counts and causes, then the commands that come next. `columns` from 40 on. */
export function reportText(
  report: Report,
  {
    columns = 80,
    colours = noColours,
    next = nextCommands(report),
  }: { columns?: number; colours?: Colours; next?: readonly string[] } = {},
): string {
  const [headline = '', ...rest] = verdict(report)
  const paint = report.exitCode === 0 ? colours.green : report.exitCode === 3 ? colours.yellow : colours.red
  const lines = [
    ...wrap(`${glyph(report)} ${headline}`, columns).map((line) => colours.bold(paint(line))),
    ...rest.flatMap((sentence) => wrap(sentence, columns)),
    '',
    ...facts(report).flatMap(([name, value]) => indent(padText(name, 10), value, columns)),
    ...groupLines(report, columns, colours),
  ]
  if (next.length > 0) lines.push('', 'Next:', ...next.map((command) => `  ${colours.cyan(command)}`))
  return `${lines.join('\n')}\n`
}

/** State is glyph and word, never colour alone. */
function glyph({ state, exitCode }: Report): string {
  if (state === 'running' || state === 'rolling_back') return '…'
  return exitCode === 0 ? '✓' : exitCode === 3 ? '!' : '✗'
}

function facts(report: Report): (readonly [string, string])[] {
  const { attempts, counts } = report
  const open = (
    [
      'pending',
      'running',
      'waiting',
      'held',
      'cancelled',
      'compensating',
      'compensated',
      'compensation_failed',
    ] as const
  )
    .filter((state) => counts[state] > 0)
    .map((state) => `${formatCount(counts[state])} ${state.replace('_', ' ')}`)
  const took = report.endedAt
    ? `, ${formatDuration(Math.max(0, report.endedAt.getTime() - report.startedAt.getTime()))}`
    : ''
  const notCounted =
    attempts.notCounted > 0 ? `, ${formatCount(attempts.notCounted)} not the item's fault and not counted` : ''
  return [
    ['Batch', `${report.batchId} of ${terminalText(report.job)}, ${report.state.replaceAll('_', ' ')}`],
    ['Started', `${report.startedAt.toISOString()}${took}`],
    ...(report.resumedFrom === undefined ? [] : [['Resumed', `from ${terminalText(report.resumedFrom)}`] as const]),
    ['Attempts', `${formatCount(attempts.total)}, ${formatCount(attempts.retries)} of them retries${notCounted}`],
    ...(open.length === 0 ? [] : [['Items', open.join(', ')] as const]),
  ]
}

function groupLines({ groups }: Report, columns: number, colours: Colours): string[] {
  if (groups.length === 0) return []
  const shown = groups.slice(0, groupsMax)
  const countWidth = Math.max(...shown.map((group) => formatCount(group.count).length))
  const kinds = shown.map((group) => `${group.type}, ${group.disposition}`)
  const kindWidth = columns < 72 ? 0 : Math.max(...kinds.map((kind) => kind.length))
  const lines = shown.map((group, i) => {
    const head = `  ${padText(formatCount(group.count), countWidth, true)}  ${group.id}  `
    const kind = kindWidth > 0 ? `${padText(kinds[i]!, kindWidth)}  ` : ''
    return `${head}${colours.dim(kind)}${fitText(terminalText(group.title), Math.max(8, columns - head.length - kind.length))}`
  })
  const more = groups.length > groupsMax ? [`  and ${formatCount(groups.length - groupsMax)} more causes`] : []
  return ['', 'Causes, most dead letters first:', ...lines, ...more]
}

function indent(head: string, text: string, columns: number): string[] {
  return wrap(text, columns - head.length).map((line, i) => (i === 0 ? head : ' '.repeat(head.length)) + line)
}

/** Lines of at most `columns`, broken at blanks; a longer word stays whole. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of terminalText(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines
}
