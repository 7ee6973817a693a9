import type { Clock } from '../model/clock.ts'
import type { BatchEvent } from '../model/event.ts'
import type { PositionMap } from '../model/position-map.ts'
import type { BatchWrite, Checkpoint, CommitGroup, GroupFailures, ItemWrite, KeptSuccess, Runs } from '../store/runs.ts'
import { Group } from './group.ts'

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
  spool(rows: readonly { readonly position: number; readonly body: string }[]): void
  /** Calls `fn` once everything given so far is durable; never if it can't be made so. */
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

export function createCommitter(options: CommitterOptions): Committer {
  return new GroupCommitter(options)
}

class GroupCommitter implements Committer {
  private readonly options: CommitterOptions
  private group = new Group()
  /** Outcomes of the group that is being committed. */
  private committing = 0
  private underWay: Promise<void> = Promise.resolve()
  private cancelTimer: (() => void) | undefined
  private broken: { readonly error: unknown } | undefined
  private waiting: (() => void)[] = []
  private asked = false

  constructor(options: CommitterOptions) {
    this.options = options
  }

  get full(): boolean {
    return this.group.size + this.committing >= GROUP_LIMIT
  }

  room(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      this.ask()
    })
  }

  success(position: number): void {
    this.options.positions.add(position)
    this.group.succeeded++
    this.grow()
  }

  keep(success: KeptSuccess): void {
    this.options.positions.add(success.position)
    this.group.succeeded++
    this.group.successes.push(success)
    this.grow()
  }

  write(write: ItemWrite): void {
    this.options.positions.add(write.position)
    this.group.items.push(write)
    this.grow()
  }

  notice(notice: Extract<BatchEvent, { type: 'notice' }>): void {
    this.group.notices.push(notice)
    this.grow()
  }

  failure(failure: GroupFailures): void {
    this.group.fail(failure)
  }

  spool(rows: readonly { readonly position: number; readonly body: string }[]): void {
    this.group.spool.push(...rows)
    this.grow()
  }

  afterCommit(fn: () => void): void {
    this.group.after.push(fn)
    this.ask()
  }

  flush(batch?: BatchWrite): Promise<void> {
    this.asked = false
    this.cancelTimer?.()
    this.cancelTimer = undefined
    this.underWay = this.underWay.then(() => this.commit(batch))
    return this.underWay
  }

  private grow(): void {
    this.group.size++
    if (this.options.each || this.full) this.ask()
    else this.cancelTimer ??= this.options.clock.setTimer(() => this.ask(), GROUP_DELAY_MS)
  }

  /** By setImmediate, so that timers, signals and sockets get their turn between groups even if no handler ever waits. */
  private ask(): void {
    if (this.asked) return
    this.asked = true
    // Whoever broke it is told by onBroken.
    setImmediate(() => this.flush().catch(() => {}))
  }

  private async commit(batch: BatchWrite | undefined): Promise<void> {
    if (this.broken) throw this.broken.error
    const { group } = this
    this.group = new Group()
    this.committing = group.size
    try {
      if (group.size > 0 || batch) await this.options.runs.commit(this.assemble(group, batch))
    } catch (error) {
      this.broken = { error }
      this.release()
      this.options.onBroken(error)
      throw error
    }
    this.committing = 0
    for (const fn of group.after) fn()
    this.release()
  }

  private release(): void {
    const woken = this.waiting
    this.waiting = []
    for (const resolve of woken) resolve()
  }

  private assemble(group: Group, batch: BatchWrite | undefined): CommitGroup {
    const { batchId, epoch, clock, positions } = this.options
    const atMs = clock.wallMs()
    if (group.succeeded > 0) group.count('', 'succeeded', atMs, group.succeeded)
    return {
      batchId,
      epoch,
      atMs,
      checkpoint: { ...this.options.checkpoint(), watermark: positions.watermark, map: positions.encode() },
      ...(group.items.length > 0 && { items: group.items }),
      ...(group.successes.length > 0 && { successes: group.successes }),
      ...(group.spool.length > 0 && { spool: group.spool }),
      ...(group.notices.length > 0 && { notices: group.notices }),
      ...(group.failures.size > 0 && { failures: [...group.failures.values()] }),
      ...(group.series.size > 0 && { series: [...group.series.values()] }),
      ...(batch && { batch }),
    }
  }
}
