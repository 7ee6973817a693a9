import { RedriveError } from '../model/redrive-error.ts'
import type { BatchRecord } from '../store/runs.ts'
import { type LoadedJob, loadJob } from './load-job.ts'

/** Where its job is looked for. */
export interface JobOfBatch {
  /** Instead of the job file that the batch names. */
  readonly jobFile?: string
  readonly cwd: string
}

/** The job of a batch, from the file that the batch names or another. RD-1103 if there is none, or it is of another job. */
export async function jobOfBatch(batch: BatchRecord, { jobFile, cwd }: JobOfBatch): Promise<LoadedJob> {
  const reference = jobFile ?? ownFile(batch)
  if (reference === undefined) {
    throw new RedriveError('RD-1103', {
      what: `batch ${batch.id} was started by a program, not from a job file, and no runner of it is alive`,
      fix: 'Give the file that exports its job: --job FILE.',
    })
  }
  const loaded = await loadJob(reference, cwd)
  if (loaded.checked.name === batch.job) return loaded
  throw new RedriveError('RD-1103', {
    what: `${reference} defines job '${loaded.checked.name}', and batch ${batch.id} is of job '${batch.job}'`,
    fix: `Give the file that exports job '${batch.job}': --job FILE.`,
  })
}

function ownFile({ file, exportName }: BatchRecord): string | undefined {
  if (file === undefined) return undefined
  return exportName && exportName !== 'default' ? `${file}#${exportName}` : file
}
