import type { Clock } from '../model/clock.ts'
import type { OpenItem, Runs } from '../store/runs.ts'
import type { Committer } from './committer.ts'
import type { Dependency } from './dependency.ts'
import type { ParkedItem } from './parked.ts'

export interface OpenRowsOptions {
  readonly runs: Runs
  readonly batchId: string
  readonly clock: Clock
  readonly committer: Committer
  readonly dependencies: ReadonlyMap<string, Dependency>
  /** Only the members of this operation. */
  readonly operationId?: string
}

export interface OpenRows {
  /** Waiting, held and interrupted ones. */
  readonly parked: readonly ParkedItem[]
  /** Members of operations that have not begun. */
  readonly redrive: readonly ParkedItem[]
  /** How many were found running: their attempt was interrupted by the crash of its process, and doesn't count. */
  readonly interrupted: number
}

/** What the ledger has open of a batch, as the schedule of a run that takes it up. */
export async function loadOpenRows(options: OpenRowsOptions): Promise<OpenRows> {
  const parked: ParkedItem[] = []
  const redrive: ParkedItem[] = []
  let interrupted = 0
  let after: string | undefined
  do {
    const page = await options.runs.open(options.batchId, {
      limit: 1_000,
      operations: true,
      ...(after !== undefined && { after }),
      ...(options.operationId !== undefined && { operationId: options.operationId }),
    })
    for (const row of page.rows) {
      if (row.state === 'running') interrupted++
      const item = row.state === 'running' ? interrupt(row, options) : takeUp(row, options)
      if (item.operationId !== undefined && item.state === 'pending') redrive.push(item)
      else parked.push(item)
    }
    after = page.next
  } while (after !== undefined)
  return { parked, redrive, interrupted }
}

function takeUp(row: OpenItem, { clock, dependencies }: OpenRowsOptions): ParkedItem {
  const item: ParkedItem = { ...row, parkedAtMs: row.updatedAtMs }
  const nowMs = clock.monotonicMs()
  if (row.state === 'waiting') return { ...item, dueMs: nowMs + Math.max(0, (row.dueAtMs ?? 0) - clock.wallMs()) }
  const dependency = row.dependency === undefined ? undefined : dependencies.get(row.dependency)
  if (row.state === 'held' && !dependency?.breaker) return { ...item, orphan: true, dueMs: nowMs }
  return item
}

function interrupt(row: OpenItem, { clock, committer }: OpenRowsOptions): ParkedItem {
  const { position, key, operationId, dependency, dueAtMs: _due, ...rest } = row
  const nowMs = clock.wallMs()
  const progress = { ...row.progress, attempts: row.progress.attempts + 1 }
  committer.write({
    position,
    key,
    from: 'running',
    to: 'pending',
    progress,
    ...(operationId !== undefined && { operationId }),
    ...(dependency !== undefined && { dependency }),
    attempt: {
      n: progress.attempts,
      generation: progress.generation,
      startedAtMs: row.updatedAtMs,
      durationMs: 0,
      outcome: 'interrupted',
      uncounted: 'interrupted',
      decision: { kind: 'retry', delayMs: 0, why: 'its process ended while it ran: the attempt does not count' },
    },
  })
  return {
    ...rest,
    position,
    key,
    state: 'pending',
    progress,
    parkedAtMs: nowMs,
    ...(operationId !== undefined && { operationId }),
    ...(dependency !== undefined && { dependency }),
  }
}
