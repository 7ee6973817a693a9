import type { DryRun, DryRunProblem } from '../open/dry-run.ts'
import type { LoadedJob } from '../open/load-job.ts'
import { formatCount, plural } from '../report/figures.ts'
import { terminalText } from '../report/terminal-text.ts'
import type { SourceAdapter } from '../source/source.ts'
import type { Call } from './command.ts'
import { commandAgain } from './command-again.ts'

interface Asked {
  readonly loaded: LoadedJob
  readonly source: SourceAdapter
  readonly rows: number
}

/** Reads and checks the first rows, and says what would become of them. Exits 0, or 3 if any is bad. */
export async function printDryRun(call: Call, { loaded, source, rows }: Asked): Promise<number> {
  const { output, talk, globals } = call
  const { dryRun } = await import('../open/dry-run.ts')
  const found = await dryRun({ job: loaded.checked, source, rows: Math.min(rows, globals.limit ?? rows) })
  const { problems, ...sums } = found
  const data = { schema: 1, job: loaded.checked.name, source: source.name, ...sums, problems }
  await output.page(data, { text: () => textOf(found, loaded.checked.name, source) })
  const bad = found.unreadable + found.refused
  const { dryRun: _dry, ...own } = call.own
  await talk.next(commandAgain('run', { args: call.args, own }))
  return bad > 0 ? 3 : 0
}

function textOf(found: DryRun, job: string, source: SourceAdapter): string {
  const { read, accepted, unreadable, refused, ended, problems } = found
  const bad = unreadable + refused
  const what = read === 0 ? 'it is empty' : ended ? 'all of it' : 'there is more'
  const lines = [
    `Dry run of ${terminalText(job)}: ${plural(read, 'row')} of ${source.kind} ${terminalText(source.name)} read (${what}). Nothing was run, nothing was written.`,
    `${formatCount(accepted)} would run${bad === 0 ? '.' : `, ${formatCount(bad)} would go to quarantine: ${formatCount(unreadable)} unreadable, ${formatCount(refused)} refused by schema or key.`}`,
  ]
  if (problems.length > 0) lines.push('', ...problems.map(problemLine))
  if (bad > problems.length) lines.push(`  and ${formatCount(bad - problems.length)} more`)
  return `${lines.join('\n')}\n`
}

function problemLine({ position, line, key, code, message }: DryRunProblem): string {
  const where = line === undefined ? `item ${position}` : `line ${line}`
  const what = [key === undefined ? undefined : `key ${key}`, code].filter(Boolean).join(', ')
  return terminalText(`  ${where}${what === '' ? '' : ` (${what})`}: ${message}`)
}
