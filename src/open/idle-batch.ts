import type { KeptBatchState } from '../model/batch.ts'
import type { Clock } from '../model/clock.ts'
import { createPositionMap } from '../model/position-map.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { takeLease } from '../runner/claim.ts'
import { LEASE_MS, RENEW_MS, thisOwner } from '../runner/owner.ts'
import type { BatchRecord, ItemWrite } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { systemClock } from './system-clock.ts'

/** A batch that nobody runs, and what is wanted of it. */
export interface IdleBatch {
  readonly store: Store
  readonly batchId: string
  readonly clock?: Clock
}

/** Rows of one transaction. */
const groupSize = 1_000

/** Pauses a batch that no living process runs: from now on only `batch resume` goes on with it. RD-1502 unless it is interrupted, RD-1401 if it has an owner by now. */
export async function pauseBatch({ store, batchId, clock = systemClock }: IdleBatch): Promise<void> {
  await withLease({ store, batchId, clock }, ['running'], async ({ epoch }) => {
    await store.runs.commit({
      batchId,
      epoch,
      atMs: clock.wallMs(),
      batch: { from: 'running', to: 'paused', why: 'paused by an operator' },
    })
  })
}

/**
 * Cancels a batch that no living process runs, for good: every item that has not ended is cancelled; what is in
 * quarantine stays there, and dead letters under a redrive stay in their operation. Answers how many were cancelled.
 */
export async function cancelBatch({ store, batchId, clock = systemClock }: IdleBatch): Promise<number> {
  return withLease({ store, batchId, clock }, ['running', 'paused', 'stopped'], async ({ epoch, record }) => {
    let cancelled = 0
    let renewedMs = clock.monotonicMs()
    const commit = async (items: readonly ItemWrite[]) => {
      if (clock.monotonicMs() - renewedMs >= RENEW_MS) {
        renewedMs = clock.monotonicMs()
        await store.runs.renew(batchId, epoch, clock.wallMs() + LEASE_MS)
      }
      await store.runs.commit({ batchId, epoch, atMs: clock.wallMs(), items })
      cancelled += items.length
    }
    const withRow = new Set<number>()
    for await (const items of openRows(store, batchId)) {
      for (const { position } of items) if (position >= record.checkpoint.watermark) withRow.add(position)
      await commit(items.filter((item) => item.operationId === undefined))
    }
    for (const items of withoutRow(record, withRow)) await commit(items)
    const atMs = clock.wallMs()
    await store.runs.commit({
      batchId,
      epoch,
      atMs,
      batch: { from: record.state, to: 'cancelled', why: 'cancelled by an operator', endedAtMs: atMs },
    })
    return cancelled
  })
}

interface Held {
  readonly epoch: number
  readonly record: BatchRecord
}

/** Holds the lease while it acts; words to a runner that is gone are dropped, or the next one would obey them. */
async function withLease<Answer>(
  { store, batchId, clock }: Required<IdleBatch>,
  from: readonly KeptBatchState[],
  act: (held: Held) => Promise<Answer>,
): Promise<Answer> {
  const epoch = await takeLease(store, batchId, { clock, owner: thisOwner() })
  try {
    const record = (await store.runs.get(batchId))!
    if (!from.includes(record.state))
      throw new RedriveError('RD-1502', { what: `Batch ${batchId} is ${record.state.replaceAll('_', ' ')} by now.` })
    await store.runs.takeSignals(batchId, epoch)
    return await act({ epoch, record })
  } finally {
    await store.runs.release(batchId, epoch)
  }
}

async function* openRows(store: Store, batchId: string): AsyncGenerator<ItemWrite[]> {
  let after: string | undefined
  do {
    const page = await store.runs.open(batchId, {
      limit: groupSize,
      operations: true,
      ...(after !== undefined && { after }),
    })
    yield page.rows.map(({ position, key, state, progress, operationId }) => ({
      position,
      key,
      from: state,
      to: 'cancelled',
      progress,
      ...(operationId !== undefined && { operationId }),
    }))
    after = page.next
  } while (after !== undefined)
}

/** Items that were read and under way when their process died: known to be there, and nothing more. */
function* withoutRow({ checkpoint }: BatchRecord, withRow: ReadonlySet<number>): Generator<ItemWrite[]> {
  const known = createPositionMap(checkpoint.watermark, checkpoint.map)
  let items: ItemWrite[] = []
  for (let position = checkpoint.watermark; position < checkpoint.read; position++) {
    if (known.has(position) || withRow.has(position)) continue
    items.push({
      position,
      key: String(position),
      from: 'pending',
      to: 'cancelled',
      progress: { generation: 1, attempts: 0, counted: {}, excludedMs: 0 },
    })
    if (items.length < groupSize) continue
    yield items
    items = []
  }
  if (items.length > 0) yield items
}
