import type { CheckedJob } from '../job/checked-job.ts'
import type { Clock } from '../model/clock.ts'
import { newId } from '../model/ids.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Identity, SourceAdapter } from '../source/source.ts'
import type { BatchRecord, NewBatch, Owner } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { LEASE_MS, provablyDead } from './owner.ts'

export interface ClaimOptions {
  readonly store: Store
  readonly job: CheckedJob
  readonly source: SourceAdapter
  readonly clock: Clock
  readonly random: () => number
  readonly owner: Owner
  readonly fresh?: boolean
  readonly resume?: string
  readonly acceptChanged?: boolean
  readonly limit?: number
  /** Go on also when a person paused it. */
  readonly unpause?: boolean
}

export interface ClaimedBatch {
  readonly batch: BatchRecord
  readonly epoch: number
  /** State that it was found in; absent for a new one. */
  readonly resumedFrom?: string
  /** What people should know: the file was touched, so many positions are taken on trust. */
  readonly warnings: readonly string[]
}

/** The batch that a start is about: the unfinished one of the same source, the one that is named, or a new one; with its lease taken. */
export async function claimBatch(options: ClaimOptions): Promise<ClaimedBatch> {
  const { store, source } = options
  const found = await findBatch(options)
  if (!found) return claimNew(options, await source.identify())
  refuseUnlessResumable(found, options)
  const kept = JSON.parse(found.source) as Identity
  const warnings = found.spooled ? [] : compareSource(found, kept, await source.identify(kept), options)
  const epoch = await takeLease(store, found.id, options)
  const batch = await store.runs.get(found.id)
  const from = batch!.state === 'running' ? 'interrupted' : batch!.state
  await store.runs.commit({
    batchId: found.id,
    epoch,
    atMs: options.clock.wallMs(),
    batch: { from: batch!.state, to: 'running', why: `resumed from ${from}`, endedAtMs: null },
  })
  return { batch: { ...batch!, state: 'running' }, epoch, resumedFrom: from, warnings }
}

async function findBatch(options: ClaimOptions): Promise<BatchRecord | undefined> {
  const { store, job, source } = options
  if (options.resume !== undefined) {
    const batch = await store.runs.get(options.resume)
    if (!batch) throw new RedriveError('RD-1501', { what: `there is no batch ${options.resume} in ${store.url}` })
    if (batch.job !== job.name) {
      throw new RedriveError('RD-1502', {
        what: `batch ${batch.id} is of job '${batch.job}', not of '${job.name}'`,
        fix: 'Resume it with its own job file.',
      })
    }
    return batch
  }
  if (options.fresh) return undefined
  const { key } = await source.identify()
  return key === undefined ? undefined : store.runs.unfinished(job.name, key)
}

function refuseUnlessResumable(batch: BatchRecord, options: ClaimOptions): void {
  if (batch.state === 'paused' && !options.unpause) {
    throw new RedriveError('RD-1503', {
      what: `batch ${batch.id} is paused`,
      fix: `Go on with: redrive batch resume ${batch.id}`,
    })
  }
  if (!['running', 'paused', 'stopped'].includes(batch.state)) {
    throw new RedriveError('RD-1502', {
      what: `batch ${batch.id} is ${batch.state}: it cannot be resumed`,
      fix: 'Start a new one with --fresh, or redrive its dead letters with `redrive quarantine retry`.',
    })
  }
}

function compareSource(batch: BatchRecord, kept: Identity, now: Identity, options: ClaimOptions): string[] {
  const comparison = options.source.compare(kept, now)
  if (comparison.same) return comparison.warning ? [comparison.warning] : []
  if (options.acceptChanged)
    return [
      `the source ${comparison.differs}; ${batch.checkpoint.watermark} positions below the watermark are taken on trust`,
    ]
  throw new RedriveError('RD-1203', {
    what: `the source of batch ${batch.id}, ${kept.name}, is not what it was: it ${comparison.differs}`,
    fix: `Restore it, start anew with --fresh, or go on with --resume ${batch.id} --accept-changed.`,
  })
}

async function claimNew(options: ClaimOptions, identity: Identity): Promise<ClaimedBatch> {
  const { store, job, source, clock } = options
  const nowMs = clock.wallMs()
  const batch: NewBatch = {
    id: newId('b', nowMs, options.random),
    job: job.name,
    source: JSON.stringify(identity),
    spooled: !source.rereadable && store.durable,
    keepsSuccesses: job.keep !== undefined || job.duplicates !== 'run',
    secret: job.secret,
    startedAtMs: nowMs,
    ...(identity.key !== undefined && { sourceKey: identity.key }),
    ...(options.limit !== undefined && { limit: options.limit }),
    ...(job.file !== undefined && { file: job.file }),
    ...(job.exportName !== undefined && { exportName: job.exportName }),
    ...(job.codeVersion !== undefined && { codeVersion: job.codeVersion }),
  }
  await store.runs.create(batch)
  const epoch = await takeLease(store, batch.id, options)
  return { batch: (await store.runs.get(batch.id))!, epoch, warnings: [] }
}

/** Takes the lease of a batch; an owner that is dead for certain is succeeded at once. */
export async function takeLease(
  store: Store,
  batchId: string,
  options: Pick<ClaimOptions, 'clock' | 'owner'>,
): Promise<number> {
  const { clock, owner } = options
  let deadEpoch: number | undefined
  for (;;) {
    const nowMs = clock.wallMs()
    const claimed = await store.runs.claim({
      batchId,
      owner,
      nowMs,
      expiresAtMs: nowMs + LEASE_MS,
      ...(deadEpoch !== undefined && { deadEpoch }),
    })
    if (claimed.ok) return claimed.epoch
    const { lease } = claimed
    if (deadEpoch === lease.epoch || !provablyDead(lease, owner)) {
      throw new RedriveError('RD-1401', {
        what: `batch ${batchId} is being run by process ${lease.owner.pid} on ${lease.owner.host}`,
        fix: `Watch it: redrive batch watch ${batchId}. If that machine is gone, the batch is free in ${Math.max(0, Math.ceil((lease.expiresAtMs - nowMs) / 1_000))} s.`,
      })
    }
    deadEpoch = lease.epoch
  }
}
