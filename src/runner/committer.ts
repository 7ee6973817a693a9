import type { Clock } from '../model/clock.ts'
import type { BatchEvent } from '../model/event.ts'
import type { PositionMap } from '../model/position-map.ts'
import type { BatchWrite, Checkpoint, CommitGroup, GroupFailures, ItemWrite, KeptSuccess, Runs, SeriesPoint } from '../store/runs.ts'

/** Outcomes that are buffered and being committed together, at most: I3 counts on it. */
export const GROUP_LIMIT = 1_000
/** An outcome waits at most so long for others to be committed with. */
const GROUP_DELAY_MS = 2

/** Collects outcomes and makes them durable in groups: one transaction, one fsync for many items. */
export interface Committer {
  /** At the limit no attempt may start. */
  readonly full: boolean
  /** Resolves when the group under way, or the next, is durable and there is room. */
  room(): Promise<void>
  /** A plain success: no row, a bit in the map. */
  success(position: number): void
  keep(success: KeptSuccess): void
  write(write: ItemWrite): void
  notice(notice: Extract<BatchEvent, { type: 'notice' }>): void
  failure(failure: GroupFailures): void
  count(dependency: string, outcome: SeriesPoint['outcome'], nowMs: number): void
  spool(rows: readonly { readonly position: number; readonly body: string }[]): void
  /** Calls `fn` once everything given so far is durable. */
  afterCommit(fn: () => void): void
  /** Everything given so far, and a change of the batch's state, durable when it resolves. Rejects with what the store rejects with. */
  flush(batch?: BatchWrite): Promise<void>
}

export interface CommitterOptions {
  readonly runs: Runs
  readonly batchId: string
  readonly epoch: number
  readonly clock: Clock
  readonly positions: PositionMap
  /** Where the batch stands now; asked at each commit. */
  readonly checkpoint: () => Omit<Checkpoint, 'watermark' | 'map'>
  /** `durability: 'each'`: nothing waits for company. */
  readonly each: boolean
  /** Called once, with the first error of the store; nothing is committed after it. */
  readonly onBroken: (error: unknown) => void
}

interface Group {
  size: number
  succeeded: number
  items: ItemWrite[]
  successes: KeptSuccess[]
  spool: { position: number; body: string }[]
  notices: Extract<BatchEvent, { type: 'notice' }>[]
  failures: Map<string, GroupFailures>
  series: Map<string, SeriesPoint>
  after: (() => void)[]
}

const emptyGroup = (): Group => ({ size: 0, succeeded: 0, items: [], successes: [], spool: [], notices: [], failures: new Map(), series: new Map(), after: [] })

function countIn(group: Group, dependency: string, outcome: SeriesPoint['outcome'], nowMs: number, count: number): void {
  const bucketMs = Math.floor(nowMs / 10_000) * 10_000
  const key = `${bucketMs} ${outcome} ${dependency}`
  group.series.set(key, { bucketMs, dependency, outcome, count: (group.series.get(key)?.count ?? 0) + count })
}

export function createCommitter(options: CommitterOptions): Committer {
  const { runs, clock, positions } = options
  let group = emptyGroup()
  let committing = 0
  let underWay: Promise<void> = Promise.resolve()
  let cancelTimer: (() => void) | undefined
  let broken: { error: unknown } | undefined
  let waiting: (() => void)[] = []
  let asked = false

  const grow = () => {
    group.size++
    if (options.each || group.size + committing >= GROUP_LIMIT) ask()
    else cancelTimer ??= clock.setTimer(ask, GROUP_DELAY_MS)
  }

  // By setImmediate, so that timers, signals and sockets get their turn between groups even if no handler ever waits.
  const ask = () => {
    if (asked) return
    asked = true
    setImmediate(() => {
      flush().catch(() => {})
    })
  }

  const flush = (batch?: BatchWrite): Promise<void> => {
    asked = false
    cancelTimer?.()
    cancelTimer = undefined
    underWay = underWay.then(() => commit(batch))
    return underWay
  }

  const commit = async (batch: BatchWrite | undefined) => {
    if (broken) throw broken.error
    const done = group
    group = emptyGroup()
    committing = done.size
    try {
      if (done.size > 0 || batch) await runs.commit(assemble(done, batch))
    } catch (error) {
      broken = { error }
      release()
      options.onBroken(error)
      throw error
    }
    committing = 0
    for (const fn of done.after) fn()
    release()
  }

  const release = () => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }

  const assemble = (done: Group, batch: BatchWrite | undefined): CommitGroup => {
    if (done.succeeded > 0) countIn(done, '', 'succeeded', clock.wallMs(), done.succeeded)
    return {
    batchId: options.batchId,
    epoch: options.epoch,
    atMs: clock.wallMs(),
    checkpoint: { ...options.checkpoint(), watermark: positions.watermark, map: positions.encode() },
    ...(done.items.length > 0 && { items: done.items }),
    ...(done.successes.length > 0 && { successes: done.successes }),
    ...(done.spool.length > 0 && { spool: done.spool }),
    ...(done.notices.length > 0 && { notices: done.notices }),
    ...(done.failures.size > 0 && { failures: [...done.failures.values()] }),
    ...(done.series.size > 0 && { series: [...done.series.values()] }),
    ...(batch && { batch }),
    }
  }

  return {
    get full() {
      return options.each ? false : group.size + committing >= GROUP_LIMIT
    },
    room: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        ask()
      }),
    success(position) {
      positions.add(position)
      group.succeeded++
      grow()
    },
    keep(success) {
      positions.add(success.position)
      group.succeeded++
      group.successes.push(success)
      grow()
    },
    write(write) {
      positions.add(write.position)
      group.items.push(write)
      grow()
    },
    notice(notice) {
      group.notices.push(notice)
      grow()
    },
    failure(failure) {
      const known = group.failures.get(failure.group)
      group.failures.set(failure.group, known ? { ...known, count: known.count + failure.count } : failure)
    },
    count: (dependency, outcome, nowMs) => countIn(group, dependency, outcome, nowMs, 1),
    spool(rows) {
      for (const row of rows) group.spool.push(row)
      grow()
    },
    afterCommit(fn) {
      group.after.push(fn)
      ask()
    },
    flush,
  }
}
