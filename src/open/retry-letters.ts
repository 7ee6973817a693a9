import type { Clock } from '../model/clock.ts'
import { newId } from '../model/ids.ts'
import type { LetterRecord } from '../model/letter.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { startBatchRun } from '../runner/batch-run.ts'
import { takeLease } from '../runner/claim.ts'
import { isAlive, thisOwner } from '../runner/owner.ts'
import type { BatchRun } from '../runner/run.ts'
import { adapterOf } from '../source/adapter-of.ts'
import type { Begun } from '../store/operations.ts'
import type { BatchRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { jobOfBatch } from './job-of-batch.ts'
import type { LoadedJob } from './load-job.ts'
import { systemClock } from './system-clock.ts'

export interface RetryLetters {
  readonly store: Store
  readonly letterIds: readonly string[]
  /** For people: the query or the ids. */
  readonly selection: string
  readonly actor: string
  readonly reason?: string
  /** Instead of the job file that the batch names. */
  readonly jobFile?: string
  readonly cwd: string
  readonly clock?: Clock
  readonly random?: () => number
  /** A run began in this process: to be interrupted by Ctrl-C. */
  readonly onRun?: (run: BatchRun) => void
  /** Members that have ended so far. */
  readonly onProgress?: (ended: number, of: number) => void
}

export interface RetriedLetters {
  readonly operationId: string
  readonly taken: number
  readonly leftOut: Begun['leftOut']
  readonly succeeded: number
  readonly skipped: number
  readonly quarantined: number
  /** Not ended: the run was interrupted; they go on with the batch's next run or the next retry. */
  readonly pending: number
}

/** How often an operation in another process is looked at. */
const LOOK_MS = 200

/**
 * Redrives dead letters and waits for them: in the living runner of their batch if there is one, else here with the job
 * file. Rejects before anything is changed when a batch can be run neither way, or its secrets can't be read.
 */
export async function retryLetters(options: RetryLetters): Promise<RetriedLetters> {
  const { store, clock = systemClock, random = Math.random } = options
  const letters = await readLetters(store, options.letterIds)
  const batches = await planBatches(options, letters)
  const operationId = newId('o', clock.wallMs(), random)
  const begun = await store.operations.beginRetry(
    {
      id: operationId,
      kind: 'retry',
      actor: options.actor,
      selection: options.selection,
      state: 'running',
      createdAtMs: clock.wallMs(),
      ...(options.reason !== undefined && { reason: options.reason }),
    },
    options.letterIds,
  )
  const concerned = new Set(begun.taken.map((taken) => taken.batchId))
  for (const batch of batches) {
    if (!concerned.has(batch.record.id)) continue
    if (batch.job) await runHere(options, batch.record, batch.job, operationId)
    else await store.runs.signal(batch.record.id, 'redrive', operationId, clock.wallMs())
  }
  if (batches.some((batch) => !batch.job && concerned.has(batch.record.id)))
    await waitForOthers(options, operationId, begun.taken.length)
  const { succeeded, skipped, quarantined, pending } = await store.operations.progress(operationId)
  return { operationId, taken: begun.taken.length, leftOut: begun.leftOut, succeeded, skipped, quarantined, pending }
}

interface PlannedBatch {
  readonly record: BatchRecord
  /** Absent: a living runner takes it. */
  readonly job?: LoadedJob
}

async function readLetters(store: Store, ids: readonly string[]): Promise<LetterRecord[]> {
  const letters: LetterRecord[] = []
  for (const id of ids) {
    const letter = await store.letters.get(id)
    if (!letter) throw new RedriveError('RD-1601', { what: `there is no dead letter ${id} in ${store.url}` })
    letters.push(letter)
  }
  return letters
}

async function planBatches(options: RetryLetters, letters: readonly LetterRecord[]): Promise<PlannedBatch[]> {
  const { store, clock = systemClock } = options
  const planned: PlannedBatch[] = []
  const me = thisOwner()
  for (const batchId of new Set(letters.map((letter) => letter.batchId))) {
    const record = await store.runs.get(batchId)
    if (!record) throw new RedriveError('RD-1501', { what: `there is no batch ${batchId} in ${store.url}` })
    // Fails here, before anything is changed, if secrets can't be read.
    await store.runs.payloads(batchId, [])
    if (isAlive(record.lease, clock.wallMs(), me)) planned.push({ record })
    else planned.push({ record, job: await jobOfBatch(record, options) })
  }
  return planned
}

async function runHere(options: RetryLetters, batch: BatchRecord, job: LoadedJob, operationId: string): Promise<void> {
  const { store, clock = systemClock, random = Math.random } = options
  const owner = thisOwner()
  const epoch = await takeLease(store, batch.id, { clock, owner })
  const run = await startBatchRun({
    store,
    job: job.checked,
    source: adapterOf(job.innards.definition.source),
    batch: (await store.runs.get(batch.id))!,
    epoch,
    runnerId: owner.runnerId,
    clock,
    random,
    operationId,
  })
  options.onRun?.(run)
  await run.done
}

async function waitForOthers(options: RetryLetters, operationId: string, of: number): Promise<void> {
  for (;;) {
    const { pending } = await options.store.operations.progress(operationId)
    options.onProgress?.(of - pending, of)
    if (pending === 0) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
