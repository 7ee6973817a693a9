import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CheckedJob } from '../job/checked-job.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { type JobInnards, jobInnards } from './job-innards.ts'
import { whileLoading } from './loading.ts'

/** A job from its file. */
export interface LoadedJob {
  readonly innards: JobInnards
  readonly checked: CheckedJob
}

/** Loads a job file (TypeScript or JavaScript; `FILE` or `FILE#EXPORT`) and checks its job. Throws RD-1103 if it has none. */
export async function loadJob(reference: string, cwd: string): Promise<LoadedJob> {
  const [path, named] = reference.split('#') as [string, string | undefined]
  const file = resolve(cwd, path)
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new RedriveError('RD-1103', {
      what: `there is no job file ${path}`,
      fix: `Check the path: it is relative to ${cwd}.`,
    })
  }
  const exports = await importFile(file, path)
  const { exportName, innards } = pick(exports, named, path)
  const codeVersion = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12)
  return { innards, checked: { ...innards.checked(), file, exportName, codeVersion } }
}

async function importFile(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return await whileLoading(async () => (await import(pathToFileURL(file).href)) as Record<string, unknown>)
  } catch (cause) {
    if (cause instanceof RedriveError || (cause as { code?: string } | undefined)?.code?.startsWith('RD-')) throw cause
    const why = cause instanceof Error ? `${cause.name}: ${cause.message.split('\n')[0]}` : String(cause)
    throw new RedriveError('RD-1103', {
      what: `${path} could not be loaded: ${why}`,
      fix: 'Correct the file; `node FILE` shows the same error with its place.',
      cause,
    })
  }
}

function pick(
  exports: Record<string, unknown>,
  named: string | undefined,
  path: string,
): { exportName: string; innards: JobInnards } {
  const jobs = Object.entries(exports).flatMap(([exportName, value]) => {
    const innards = jobInnards(value)
    return innards ? [{ exportName, innards }] : []
  })
  const chosen =
    named === undefined
      ? (jobs.find((found) => found.exportName === 'default') ?? (jobs.length === 1 ? jobs[0] : undefined))
      : jobs.find((found) => found.exportName === named)
  if (chosen) return chosen
  const names = jobs.map((found) => found.exportName)
  throw new RedriveError('RD-1103', {
    what:
      named === undefined
        ? `${path} exports ${jobs.length === 0 ? 'no job' : `${jobs.length} jobs, and none as default`}`
        : `${path} exports no job named ${named}`,
    fix:
      names.length === 0
        ? 'Export the job as default: export default job({ … }).'
        : `Name one of them: ${names.map((name) => `${path}#${name}`).join(', ')}.`,
  })
}
