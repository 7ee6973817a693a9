import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { StartOptions } from '../job/definition.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { LoadedJob } from '../open/load-job.ts'
import { redactText } from '../redact/redact-text.ts'
import { type Report, reportJson } from '../report/report.ts'
import { reportMarkdown } from '../report/report-markdown.ts'
import { terminalText } from '../report/terminal-text.ts'
import { nextCommands } from '../report/verdict.ts'
import type { SourceAdapter } from '../source/source.ts'
import type { BatchRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Call } from './command.ts'
import { followRun } from './follow-run.ts'
import { jsonText } from './json-text.ts'
import { printReport } from './print-report.ts'
import { atStore } from './shell-word.ts'

/** A batch to be run here until it ends. */
export interface ToRun {
  readonly loaded: LoadedJob
  readonly source: SourceAdapter
  readonly store: Store
  readonly options: StartOptions<unknown>
  readonly concurrency?: number
  /** Go on also when a person paused it. */
  readonly unpause?: boolean
  /** Report files to write: `md`, `json`. */
  readonly reports?: readonly string[]
  /** Commands that come next, instead of the report's own. */
  readonly next?: readonly string[]
}

/** Runs a batch in this process, with the panel, until it ends or is interrupted; prints its report and answers its exit code. */
export async function runToEnd(call: Call, toRun: ToRun): Promise<number> {
  const { loaded, source, store, options } = toRun
  const { talk, world, globals } = call
  await refuseWithoutKey(loaded, world.env)
  const { startJob } = await import('../open/start-job.ts')
  const started = await startJob({
    job: loaded.checked,
    source,
    store,
    options,
    ownsStore: false,
    ...(toRun.concurrency !== undefined && { concurrency: toRun.concurrency }),
    ...(toRun.unpause && { unpause: true }),
    ...(globals.verbose && {
      onLog: (_level: string, line: string) => void talk.say(terminalText(redactText(line))).catch(() => {}),
    }),
  })
  const { run, batch, warnings, resumedFrom } = started
  const record = (await store.runs.get(run.id))!
  for (const warning of warnings) await talk.say(talk.colours.yellow(`! ${terminalText(warning)}`))
  if (resumedFrom !== undefined)
    await talk.say(
      `Batch ${run.id} goes on: it was ${resumedFrom}, ${record.checkpoint.watermark} of its items are behind it.`,
    )
  const resume = store.durable
    ? resumeCommand(record, call)
    : 'start it anew, for the ledger is in memory and goes with this process'
  const followed = await followRun(call, { run, shown: shownOf(record, options), done: batch.done, resume })
  const report = withExitCode(followed.answer, followed.exitCode)
  await end(call, { report, record, toRun, resume })
  return report.exitCode
}

async function refuseWithoutKey({ checked }: LoadedJob, env: Call['world']['env']): Promise<void> {
  const { keyringOf } = await import('../open/open-guarded.ts')
  if (checked.secret.length === 0 || keyringOf({ REDRIVE_KEYS: env['REDRIVE_KEYS'] })) return
  throw new RedriveError('RD-1106', { what: `Job '${checked.name}' has secret fields, and REDRIVE_KEYS is not set.` })
}

/** How the batch goes on: by the file that it names, or, when the ledger isn't the default one, with that said. */
function resumeCommand({ id }: BatchRecord, { globals }: Call): string {
  return atStore(`redrive batch resume ${id}`, globals.store)
}

function shownOf(record: BatchRecord, options: StartOptions<unknown>) {
  const limit = options.limit ?? record.limit
  const { evidence } = JSON.parse(record.source) as { evidence?: { sizeBytes?: unknown } }
  return {
    job: record.job,
    startedAtMs: record.startedAtMs,
    ...(limit !== undefined && { limit }),
    ...(typeof evidence?.sizeBytes === 'number' && { sizeBytes: evidence.sizeBytes }),
  }
}

/** An interrupted batch exits by the signal: 130 or 143. One that ended all the same exits as it ended. */
function withExitCode(report: Report, exitCode: number | undefined): Report {
  return report.state === 'interrupted' && exitCode !== undefined ? { ...report, exitCode } : report
}

interface Ended {
  readonly report: Report
  readonly record: BatchRecord
  readonly toRun: ToRun
  readonly resume: string
}

async function end(call: Call, { report, record, toRun, resume }: Ended): Promise<void> {
  const { talk, output } = call
  const { counts, state } = report
  if (state === 'completed' && counts.read === 0)
    await talk.say(`The source was empty: ${toRun.source.kind} ${terminalText(toRun.source.name)} has no items.`)
  for (const format of toRun.reports ?? []) await writeReport(call, report, format)
  const next = nextOf(report, toRun)
  await printReport(call, report, next)
  if (state === 'interrupted') await sayInterrupted(call, { record, toRun, resume })
  if (output.format !== 'text') await talk.next(...next)
}

async function sayInterrupted(
  { talk }: Call,
  { record, toRun: { store }, resume }: Omit<Ended, 'report'>,
): Promise<void> {
  if (!store.durable)
    return talk.say('Interrupted. The ledger was in memory: nothing is kept. Start it anew with --store sqlite:PATH.')
  await talk.say(`Interrupted; what was done is kept. To go on: ${resume}`)
  const now = await store.runs.get(record.id)
  if (!now?.spooled || now.checkpoint.exhausted) return
  await talk.say(
    'The rows that were read are in the ledger and will run then. What was not read of the stream must be given again.',
  )
}

/** What is in memory is gone when people read this. */
function nextOf(report: Report, { next, store }: ToRun): readonly string[] {
  const isDone = report.state === 'completed' || report.state === 'completed_with_failures'
  return (isDone ? next : undefined) ?? (store.durable ? nextCommands(report) : [])
}

async function writeReport({ world, talk }: Call, report: Report, format: string): Promise<void> {
  const name = `redrive-report-${report.batchId}.${format}`
  const text = format === 'md' ? reportMarkdown(report) : `${jsonText(reportJson(report), true)}\n`
  try {
    writeFileSync(resolve(world.cwd, name), text)
  } catch (cause) {
    // The batch has ended: that its report can't be written must not look like a failure of it.
    await talk.say(talk.colours.yellow(`! ${name} could not be written: ${(cause as Error).message}`))
    return
  }
  await talk.say(`Report written to ${name}`)
}
