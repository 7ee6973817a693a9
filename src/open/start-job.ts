import { readRate } from '../job/check-job.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { StartOptions } from '../job/definition.ts'
import type { Clock } from '../model/clock.ts'
import type { Report } from '../model/report.ts'
import { readFields, readNumber } from '../policy/check-options.ts'
import { buildReport } from '../report/report.ts'
import { startBatchRun } from '../runner/batch-run.ts'
import { claimBatch } from '../runner/claim.ts'
import { thisOwner } from '../runner/owner.ts'
import type { BatchRun, Conclusion } from '../runner/run.ts'
import type { SourceAdapter } from '../source/source.ts'
import type { Store } from '../store/store.ts'
import type { Batch } from './batch.ts'
import { systemClock } from './system-clock.ts'

const startNames = ['store', 'source', 'limit', 'rate', 'fresh', 'resume', 'acceptChanged'] as const

export interface StartJob {
  readonly job: CheckedJob
  readonly source: SourceAdapter
  readonly store: Store
  readonly options: StartOptions<unknown>
  /** The store is closed when the batch ends. */
  readonly ownsStore: boolean
  readonly clock?: Clock
  readonly random?: () => number
  /** Go on also when a person paused the batch. */
  readonly unpause?: boolean
  /** Items at once, instead of the job's own. */
  readonly concurrency?: number
  readonly onLog?: (level: string, line: string) => void
}

export interface StartedJob {
  readonly batch: Batch
  readonly run: BatchRun
  readonly resumedFrom?: string
  readonly warnings: readonly string[]
}

/** Claims the batch and sets it going; answers as soon as it runs. */
export async function startJob(start: StartJob): Promise<StartedJob> {
  const { source, store, clock = systemClock, random = Math.random } = start
  try {
    const options = checkStart(start.options)
    const job = withConcurrency(start.job, start.concurrency)
    const owner = thisOwner()
    const claimed = await claimBatch({
      store,
      job,
      source,
      clock,
      random,
      owner,
      ...options.claim,
      ...(start.unpause && { unpause: true }),
    })
    const run = await startBatchRun({
      store,
      job,
      source,
      batch: claimed.batch,
      epoch: claimed.epoch,
      runnerId: owner.runnerId,
      clock,
      random,
      ...(options.claim.limit !== undefined && { limit: options.claim.limit }),
      ...(options.ratePerMs !== undefined && { ratePerMs: options.ratePerMs }),
      ...(start.onLog && { onLog: start.onLog }),
    })
    const resumedFrom = claimed.resumedFrom === undefined ? {} : { resumedFrom: run.id }
    const done = run.done
      .then((conclusion) => report({ ...start, clock }, run.id, conclusion, resumedFrom))
      .finally(() => (start.ownsStore ? store.close() : undefined))
    done.catch(() => {})
    return {
      batch: batchOf(run, done),
      run,
      warnings: claimed.warnings,
      ...(claimed.resumedFrom !== undefined && { resumedFrom: claimed.resumedFrom }),
    }
  } catch (error) {
    if (start.ownsStore) await store.close()
    throw error
  }
}

function checkStart(options: StartOptions<unknown>) {
  const given = readFields(options, 'start', startNames)
  const limit = given.has('limit')
    ? { limit: readNumber(given.get('limit'), 'start.limit', { min: 1, max: Number.MAX_SAFE_INTEGER, isWhole: true }) }
    : {}
  const ratePerMs = given.has('rate') ? readRate(given.get('rate'), 'start.rate') : undefined
  const { fresh, resume, acceptChanged } = options
  return {
    claim: {
      ...limit,
      ...(fresh && { fresh }),
      ...(resume !== undefined && { resume }),
      ...(acceptChanged && { acceptChanged }),
    },
    ratePerMs,
  }
}

function withConcurrency(job: CheckedJob, concurrency: number | undefined): CheckedJob {
  if (concurrency === undefined) return job
  return { ...job, concurrency: readNumber(concurrency, 'concurrency', { min: 1, max: 10_000, isWhole: true }) }
}

async function report(
  start: StartJob & { clock: Clock },
  batchId: string,
  conclusion: Conclusion,
  resumedFrom: { resumedFrom?: string },
): Promise<Report> {
  const { store, job } = start
  const [batch, counts, groups] = await Promise.all([
    store.runs.get(batchId),
    store.runs.counts(batchId),
    store.runs.groups(batchId),
  ])
  const built = buildReport({ batch: batch!, counts, groups, alive: false, ...resumedFrom }) as Report
  const ended = !conclusion.interrupted && conclusion.state !== 'stopped'
  // At most once, ever: a crash in between loses the call rather than repeating it.
  if (ended && job.onComplete && (await store.runs.takeOnComplete(batchId))) await tell(job, built)
  return built
}

/** A listener that fails doesn't change how the batch ended. */
async function tell(job: CheckedJob, built: Report): Promise<void> {
  try {
    await job.onComplete!(built)
  } catch (error) {
    process.emitWarning(
      `onComplete of job '${job.name}' failed: ${error instanceof Error ? error.message : String(error)}`,
      { code: 'RD-1109' },
    )
  }
}

function batchOf(run: BatchRun, done: Promise<Report>): Batch {
  return {
    id: run.id,
    done,
    events: run.events.events,
    pause: () => run.pause(),
    resume: () => run.resume(),
    async cancel(options) {
      await run.cancel(options)
      await done
    },
    async [Symbol.asyncDispose]() {
      await run.interrupt()
      await done.catch(() => {})
    },
  }
}
