import type { AttemptRecord } from '../model/attempt.ts'
import type { KeptBatchState } from '../model/batch.ts'
import type { BatchEvent } from '../model/event.ts'
import type { Counts, ItemState } from '../model/item.ts'
import type { LetterRecord } from '../model/letter.ts'
import type { QueryNode } from '../model/query.ts'
import type { Page, Paged } from './page.ts'
import type { SeriesPoint } from './series.ts'

/** Batches, what became of their items, and who may write them. */
export interface Runs {
  create(batch: NewBatch): Promise<void>
  get(batchId: string): Promise<BatchRecord | undefined>
  /** Newest first. `state:interrupted` is not known here: the caller derives it. */
  list(query: QueryNode | undefined, page: Page): Promise<Paged<BatchRecord>>
  /** The newest batch of this job and source that can go on (running, paused, stopped). */
  unfinished(job: string, sourceKey: string): Promise<BatchRecord | undefined>

  /** Takes the lease if it is free, expired at `nowMs`, or of the epoch that the caller knows to be dead. The epoch rises by one. */
  claim(claim: Claim): Promise<Claimed>
  /** False when the lease is not of this epoch any more. */
  renew(batchId: string, epoch: number, expiresAtMs: number): Promise<boolean>
  /** Gives the lease up; nothing happens when it is not of this epoch. */
  release(batchId: string, epoch: number): Promise<void>

  /**
   * One transaction: all of it becomes durable, or none. Rejects with RD-1402 and changes nothing when the lease is not
   * of this epoch; with RD-1305 when the storage fails (then whether it is durable may be unknown: `unknown: true` on the error).
   */
  commit(group: CommitGroup): Promise<void>

  /** Rows that a runner must take up: pending, running, waiting, held; without the members of operations unless `operationId` is given. By position. */
  open(
    batchId: string,
    page: Page & { readonly operationId?: string; readonly operations?: boolean },
  ): Promise<Paged<OpenItem>>
  /** Newest payload of each position that has one. At most 1,000 positions. */
  payloads(batchId: string, positions: readonly number[]): Promise<ReadonlyMap<number, KeptPayload>>
  /** Rows that were spooled and are not below the watermark, by position. */
  spooled(batchId: string, page: Page): Promise<Paged<{ readonly position: number; readonly body: string }>>
  /** Lowest position of the batch that has this key, among rows and kept successes. For `duplicates`. */
  positionOfKey(batchId: string, key: string): Promise<number | undefined>

  /** Derived from the rows, the watermark and the map; never from a counter. */
  counts(batchId: string): Promise<Counts>
  /** Dead letters (in quarantine or discarded) by error group, most first. At most 50. */
  groups(batchId: string): Promise<readonly GroupCount[]>
  /** Rows and ranges of plain successes, by position. */
  items(batchId: string, query: QueryNode | undefined, page: Page): Promise<Paged<ItemLine>>
  attempts(batchId: string, position: number): Promise<readonly AttemptRecord[]>

  /** Derives the verdict of a finished batch again: completed_with_failures becomes completed when no dead letter is left in quarantine and no row is open. Answers the state then. */
  settle(batchId: string, atMs: number): Promise<KeptBatchState>
  /** True for the first caller ever. */
  takeOnComplete(batchId: string): Promise<boolean>

  /** A word to the batch's living runner, or to whoever runs it next. */
  signal(batchId: string, kind: SignalKind, detail: string | undefined, atMs: number): Promise<void>
  /** Signals not yet taken, oldest first; they are taken by this. */
  takeSignals(batchId: string, epoch: number): Promise<readonly Signal[]>
}

export type SignalKind = 'pause' | 'resume' | 'cancel' | 'drain' | 'redrive' | 'breaker'
export interface Signal {
  readonly kind: SignalKind
  /** `redrive`: operation id. `breaker`: JSON { name, act, untilMs }. */
  readonly detail?: string
  readonly atMs: number
}

/** What is known of a batch when it begins, for good. */
export interface NewBatch {
  readonly id: string
  readonly job: string
  /** Identity of the source, as JSON text. */
  readonly source: string
  /** Finds the unfinished batch of the same source; absent for a source that can't be named. */
  readonly sourceKey?: string
  /** Rows are kept before they run, since the source can't be read again. */
  readonly spooled: boolean
  /** Where the job is defined: path, export, version of the code. */
  readonly file?: string
  readonly exportName?: string
  readonly codeVersion?: string
  /** Each item leaves a row: `keep`, or `duplicates` other than `run`. */
  readonly keepsSuccesses: boolean
  /** Declared secret paths: what passes the guard is masked by them. */
  readonly secret: readonly string[]
  /** At most so many items are read. */
  readonly limit?: number
  readonly startedAtMs: number
}

export interface BatchRecord extends NewBatch {
  readonly state: KeptBatchState
  readonly endedAtMs?: number
  readonly stopReason?: string
  readonly checkpoint: Checkpoint
  /** Of the last claim; 0 before the first. */
  readonly epoch: number
  readonly lease?: Lease
}

/** How far a batch is. Written in the transaction of the outcomes that it covers. */
export interface Checkpoint {
  /** Items that the source has given, so far. */
  readonly read: number
  /** First position that is not known: below it each item has succeeded, or has a row. */
  readonly watermark: number
  /** Known positions from the watermark on: see model/position-map.ts. */
  readonly map: Uint8Array
  /** Source cursor at or before the watermark, as JSON text. */
  readonly cursor: string
  /** The source has no more items than `read`. */
  readonly exhausted: boolean
  readonly tally: Tally
}

/** Statistics, not verdicts. */
export interface Tally {
  /** Handler runs. */
  readonly total: number
  /** Counted ones after the first. */
  readonly retries: number
  /** Those that were not the item's fault. */
  readonly notCounted: number
  /** Items that succeeded after a failed attempt. */
  readonly recovered: number
}

/** Who holds a lease, so that another process on the same machine can tell whether it lives. */
export interface Owner {
  readonly host: string
  /** Of the running system: `/proc/sys/kernel/random/boot_id`, or empty. */
  readonly bootId: string
  /** Process namespace, or empty. */
  readonly pidNamespace: string
  readonly pid: number
  /** Start of the process as the system counts it, so that a reused pid is not taken for it; or empty. */
  readonly processStart: string
  /** One per runner, so that two in one process are told apart. */
  readonly runnerId: string
}
export interface Lease {
  readonly owner: Owner
  readonly epoch: number
  readonly expiresAtMs: number
}
export interface Claim {
  readonly batchId: string
  readonly owner: Owner
  readonly nowMs: number
  readonly expiresAtMs: number
  /** Epoch of an owner that the caller knows to be dead. */
  readonly deadEpoch?: number
}
export type Claimed = { readonly ok: true; readonly epoch: number } | { readonly ok: false; readonly lease: Lease }

/** What one group commit makes durable. */
export interface CommitGroup {
  readonly batchId: string
  readonly epoch: number
  readonly atMs: number
  readonly checkpoint?: Checkpoint
  /** Changes of items that have, or get, a row; in order. */
  readonly items?: readonly ItemWrite[]
  /** Rows of plain successes, for jobs that keep them. */
  readonly successes?: readonly KeptSuccess[]
  /** Rows of a source that can't be read again, before they run. The store drops those below the watermark. */
  readonly spool?: readonly { readonly position: number; readonly body: string }[]
  readonly batch?: BatchWrite
  /** Events without a change of state. */
  readonly notices?: readonly Extract<BatchEvent, { type: 'notice' }>[]
  /** Failures by error group since the last commit. */
  readonly failures?: readonly GroupFailures[]
  /** Finished attempts since the last commit, in buckets of 10 s. */
  readonly series?: readonly SeriesPoint[]
}

export interface BatchWrite {
  readonly from: KeptBatchState | 'interrupted'
  readonly to: KeptBatchState
  readonly why?: string
  /** Set when it ends; null takes it back on resume. */
  readonly endedAtMs?: number | null
}

/** One item's change of state. The first write of an item makes its row; `from` must be the row's state, or `pending`/`running` when it has none. */
export interface ItemWrite {
  readonly position: number
  readonly key: string
  readonly stage?: string
  readonly from: ItemState
  readonly to: ItemState
  readonly progress: Progress
  /** Waiting: when it is due. */
  readonly dueAtMs?: number
  /** What it waits for or failed at. */
  readonly dependency?: string
  readonly operationId?: string
  /** Version 1 of the payload, with the item's first row. */
  readonly payload?: KeptPayload
  /** The attempt that led here. */
  readonly attempt?: AttemptRecord
  /** When it is quarantined. The store keeps one letter per item: a later generation updates the first one's. */
  readonly letter?: NewLetter
}

/** An item's history within its generation, as far as deciding needs it. */
export interface Progress {
  readonly generation: number
  /** Handler runs of this generation, the uncounted ones among them. */
  readonly attempts: number
  /** Counted failures by policy key. */
  readonly counted: { readonly [policyKey: string]: number }
  /** Attempts that didn't count, by reason. */
  readonly uncounted?: { readonly [reason: string]: number }
  readonly firstFailedAtMs?: number
  /** Held and uncounted waits since the first counted failure. */
  readonly excludedMs: number
  readonly lastDelayMs?: number
}

export interface KeptPayload {
  /** From 1. */
  readonly version: number
  /** Payload-codec text (secret fields sealed by the guard); null when the row could not be read. */
  readonly body: string | null
  /** Redacted copy for people; absent when `body` needs no mask. Set by the guard. */
  readonly shown?: string
  /** Text of the row, when `body` is null. */
  readonly raw?: string
}

export type NewLetter = Omit<
  LetterRecord,
  | 'state'
  | 'batchId'
  | 'position'
  | 'key'
  | 'operation'
  | 'payloadVersion'
  | 'updatedAtMs'
  | 'createdAtMs'
  | 'generation'
  | 'stage'
  | 'dependency'
> & {
  readonly title: string
  readonly fingerprint: string
}

export interface KeptSuccess {
  readonly position: number
  readonly key: string
  readonly attempts: number
  readonly atMs: number
  /** Payload-codec text of what the handler answered, with `keep: 'results'`. */
  readonly result?: string
}

export interface GroupFailures {
  readonly group: string
  readonly fingerprint: string
  readonly title: string
  readonly type: string
  readonly disposition: string
  readonly count: number
}

/** A row that a runner takes up. */
export interface OpenItem {
  readonly position: number
  readonly key: string
  readonly stage?: string
  readonly state: Extract<ItemState, 'pending' | 'running' | 'waiting' | 'held'>
  readonly progress: Progress
  readonly dueAtMs?: number
  readonly dependency?: string
  readonly operationId?: string
  readonly updatedAtMs: number
}

export interface GroupCount {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly disposition: string
  readonly count: number
}

/** A line of a list of items: a row, or a range of plain successes. */
export type ItemLine =
  | {
      readonly position: number
      readonly key: string
      readonly state: ItemState
      readonly stage?: string
      readonly progress: Progress
      readonly group?: string
      readonly letterId?: string
      readonly type?: string
      readonly disposition?: string
      readonly dependency?: string
      readonly dueAtMs?: number
      readonly result?: string
      readonly updatedAtMs: number
    }
  | { readonly positions: readonly [from: number, to: number]; readonly state: 'succeeded' }
