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
  /** No further run begins, and others are waited for no longer. What runs here is interrupted by its run. */
  readonly signal?: AbortSignal
}

export interface RetriedLetters {
  readonly operationId: string
  readonly taken: number
  readonly leftOut: Begun['leftOut']
  readonly succeeded: number
  readonly skipped: number
  readonly quarantined: number
  /** Not ended: the run was interrupted or stopped; they go on with the batch's next run or the next retry. */
  readonly pending: number
  /** A fatal error or a limit stopped it. */
  readonly stopReason?: string
}

/** How often an operation in another process is looked at. */
const LOOK_MS = 200

/**
 * Redrives dead letters and waits for them: in the living runner of their batch if there is one, else here with the job
 * file. A letter that an interrupted retry left behind goes on in that one's operation. Rejects before anything is
 * changed when a batch can be run neither way, or its secrets can't be read.
 */
export async function retryLetters(options: RetryLetters): Promise<RetriedLetters> {
  const { store } = options
  const letters = await readLetters(store, options.letterIds)
  const batches = await planBatches(options, letters)
  const isAbandoned = (letter: LetterRecord) =>
    letter.operation !== undefined && batches.get(letter.batchId)?.job !== undefined
  const abandoned = letters.filter(isAbandoned)
  const fresh = letters.filter((letter) => !isAbandoned(letter))
  const begun = fresh.length === 0 ? undefined : await begin(options, fresh)
  const stopReason = await runAll(options, batches, [
    ...(begun?.taken.map(({ batchId }) => ({ batchId, operationId: begun.operationId })) ?? []),
    ...abandoned.map(({ batchId, operation }) => ({ batchId, operationId: operation! })),
  ])
  const progress = begun && (await store.operations.progress(begun.operationId))
  const resumed = await outcomesOf(store, abandoned)
  return {
    operationId: begun?.operationId ?? abandoned[0]!.operation!,
    taken: (begun?.taken.length ?? 0) + abandoned.length,
    leftOut: begun?.leftOut ?? [],
    succeeded: (progress?.succeeded ?? 0) + resumed.succeeded,
    skipped: (progress?.skipped ?? 0) + resumed.skipped,
    quarantined: (progress?.quarantined ?? 0) + resumed.quarantined,
    pending: (progress?.pending ?? 0) + resumed.pending,
    ...(stopReason !== undefined && { stopReason }),
  }
}

async function begin(
  options: RetryLetters,
  letters: readonly LetterRecord[],
): Promise<Begun & { readonly operationId: string }> {
  const { store, actor, selection, reason, clock = systemClock, random = Math.random } = options
  const id = newId('o', clock.wallMs(), random)
  const operation = {
    id,
    kind: 'retry',
    actor,
    selection,
    state: 'running',
    createdAtMs: clock.wallMs(),
    ...(reason !== undefined && { reason }),
  } as const
  const begun = await store.operations.beginRetry(
    operation,
    letters.map((letter) => letter.id),
  )
  return { ...begun, operationId: id }
}

interface Member {
  readonly batchId: string
  readonly operationId: string
}

/** Runs what no living runner takes, and waits for those that do. Answers why it was stopped, if it was. */
async function runAll(
  options: RetryLetters,
  batches: ReadonlyMap<string, PlannedBatch>,
  members: readonly Member[],
): Promise<string | undefined> {
  const { store, signal, clock = systemClock } = options
  const elsewhere = new Map<string, string>()
  let stopReason: string | undefined
  const operations = new Map(members.map((member) => [`${member.batchId} ${member.operationId}`, member]))
  for (const { batchId, operationId } of operations.values()) {
    if (signal?.aborted) return stopReason
    const { record, job } = batches.get(batchId)!
    if (job) stopReason = (await runHere(options, record, { job, operationId })) ?? stopReason
    else {
      await store.runs.signal(batchId, 'redrive', operationId, clock.wallMs())
      elsewhere.set(batchId, operationId)
    }
  }
  return (await waitForOthers(options, elsewhere, members.length)) ?? stopReason
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

async function planBatches(
  options: RetryLetters,
  letters: readonly LetterRecord[],
): Promise<ReadonlyMap<string, PlannedBatch>> {
  const { store, clock = systemClock } = options
  const planned = new Map<string, PlannedBatch>()
  const me = thisOwner()
  for (const batchId of new Set(letters.map((letter) => letter.batchId))) {
    const record = await store.runs.get(batchId)
    if (!record) throw new RedriveError('RD-1501', { what: `there is no batch ${batchId} in ${store.url}` })
    // Fails here, before anything is changed, if secrets can't be read.
    await store.runs.payloads(batchId, [])
    if (isAlive(record.lease, clock.wallMs(), me)) planned.set(batchId, { record })
    else planned.set(batchId, { record, job: await jobOfBatch(record, options) })
  }
  return planned
}

async function runHere(
  options: RetryLetters,
  batch: BatchRecord,
  { job, operationId }: { readonly job: LoadedJob; readonly operationId: string },
): Promise<string | undefined> {
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
  return (await run.done).stopReason
}

/** Operations by batch, in runners of other processes. What a runner that ended meanwhile has left is run here. */
async function waitForOthers(
  options: RetryLetters,
  elsewhere: Map<string, string>,
  of: number,
): Promise<string | undefined> {
  const { store, signal, clock = systemClock } = options
  const me = thisOwner()
  let stopReason: string | undefined
  while (elsewhere.size > 0 && !signal?.aborted) {
    let pending = 0
    for (const [batchId, operationId] of elsewhere) {
      const left = (await store.operations.progress(operationId)).pending
      const record = (await store.runs.get(batchId))!
      if (left === 0) elsewhere.delete(batchId)
      else if (!isAlive(record.lease, clock.wallMs(), me)) {
        elsewhere.delete(batchId)
        stopReason =
          (await runHere(options, record, { job: await jobOfBatch(record, options), operationId })) ?? stopReason
      } else pending += left
    }
    options.onProgress?.(of - pending, of)
    if (elsewhere.size > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return stopReason
}

/** Where letters stand that went on in an older operation. */
async function outcomesOf(store: Store, letters: readonly LetterRecord[]) {
  const counts = { succeeded: 0, skipped: 0, quarantined: 0, pending: 0 }
  for (const { id, operation } of letters) {
    const state = (await store.letters.get(id))?.state
    if (state === 'redriving') counts.pending++
    else if (state === 'quarantined') counts.quarantined++
    else {
      const last = (await store.letters.lineage(id)).findLast((entry) => entry.operation === operation)
      counts[last?.what === 'skipped' ? 'skipped' : 'succeeded']++
    }
  }
  return counts
}
