import { resolve } from 'node:path'
import type { StartOptions } from '../../job/definition.ts'
import { nearest } from '../../model/did-you-mean.ts'
import { parseRate } from '../../model/duration.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import type { LoadedJob } from '../../open/load-job.ts'
import type { SourceAdapter } from '../../source/source.ts'
import type { Store } from '../../store/store.ts'
import type { Call, Command } from '../command.ts'
import { findBatch } from '../find-batch.ts'
import { ledgerUrl } from '../open-ledger.ts'
import { printDryRun } from '../print-dry-run.ts'
import { runToEnd } from '../run-to-end.ts'
import { wholeNumber } from '../whole-number.ts'

/** Rows that a dry run looks at, if nobody says how many. */
const dryRunRows = 100
const reportFormats = ['md', 'json']
const laterFormats = ['html', 'junit', 'csv']

/** `redrive run JOB_FILE [INPUT|-]`: starts a batch, or goes on with the unfinished one of the same source. Exits as the batch does. */
export const run: Command = async (call) => {
  const { args, world, globals } = call
  const asked = readAsked(call)
  const { loadJob } = await import('../../open/load-job.ts')
  const loaded = await loadJob(args[0]!, world.cwd)
  if (asked.dryRun !== undefined)
    return printDryRun(call, { loaded, source: await sourceOf(call, loaded), rows: asked.dryRun })
  const { openGuarded } = await import('../../open/open-guarded.ts')
  const store = await openGuarded(ledgerUrl(globals.store, world), world.env)
  try {
    const source = await sourceOf(call, loaded, { store, resume: asked.options.resume })
    return await runToEnd(call, { loaded, source, store, ...asked })
  } finally {
    await store.close()
  }
}

interface Asked {
  readonly options: StartOptions<unknown>
  readonly concurrency?: number
  readonly reports?: readonly string[]
  readonly dryRun?: number
}

function readAsked({ own, globals }: Call): Asked {
  const text = (name: string) => (own[name] === undefined ? undefined : String(own[name]))
  const resume = text('resume')
  if (own['fresh'] && (resume !== undefined || own['acceptChanged'])) {
    throw usage(
      `--fresh and ${resume === undefined ? '--accept-changed' : '--resume'} exclude each other.`,
      'Start anew, or go on: one of them.',
    )
  }
  const rate = text('rate')
  if (rate !== undefined && parseRate(rate) === undefined)
    throw usage(`--rate is a number per s, m or h, not ${JSON.stringify(rate)}.`, 'Write it like --rate 50/s.')
  const concurrency = text('concurrency')
  const reports = text('report')
  const { dryRun } = own
  return {
    options: {
      ...(globals.limit !== undefined && { limit: globals.limit }),
      ...(rate !== undefined && { rate: rate as NonNullable<StartOptions<unknown>['rate']> }),
      ...(own['fresh'] === true && { fresh: true }),
      ...(resume !== undefined && { resume }),
      ...(own['acceptChanged'] === true && { acceptChanged: true }),
    },
    ...(concurrency !== undefined && {
      concurrency: wholeNumber('--concurrency', concurrency, { min: 1, max: 10_000 }),
    }),
    ...(reports !== undefined && { reports: readReports(reports) }),
    ...(dryRun !== undefined && {
      dryRun: dryRun === '' ? dryRunRows : wholeNumber('--dry-run', String(dryRun), { min: 1, max: 10_000_000 }),
    }),
  }
}

function readReports(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (reportFormats.includes(name)) continue
    if (laterFormats.includes(name)) {
      throw new RedriveError('RD-1911', {
        what: `redrive run --report ${name} is not built yet.`,
        fix: `Formats are ${reportFormats.join(', ')}.`,
      })
    }
    const near = nearest(name, reportFormats)
    throw usage(
      `There is no report format ${JSON.stringify(name)}.`,
      `${near ? `Did you mean ${near}? ` : ''}Formats are ${reportFormats.join(', ')}.`,
    )
  }
  return [...new Set(names)]
}

async function sourceOf(
  { args, world }: Call,
  loaded: LoadedJob,
  named: { readonly store?: Store; readonly resume?: string | undefined } = {},
): Promise<SourceAdapter> {
  const { sourceOfBatch, sourceWithInput } = await import('../../open/source-input.ts')
  const input = args[1]
  const { definition } = loaded.innards
  if (input === '-') return sourceWithInput(definition, world.stdin)
  // A path stays as it was given, for people, unless that would be another file.
  if (input !== undefined)
    return sourceWithInput(definition, world.cwd === process.cwd() ? input : resolve(world.cwd, input))
  // A batch that was given another file goes on with that one.
  if (named.store && named.resume !== undefined)
    return sourceOfBatch(definition, await findBatch(named.store, named.resume))
  return sourceWithInput(definition)
}

function usage(what: string, fix: string): RedriveError {
  return new RedriveError('RD-1701', { what, fix })
}
