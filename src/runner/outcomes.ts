import type { Attempt } from '../attempt/attempt.ts'
import type { StopLimits } from '../policy/stop-limits.ts'
import type { Committer } from './committer.ts'
import type { Dependency } from './dependency.ts'
import type { EventStream } from './event-stream.ts'
import type { KeyGuard } from './key-guard.ts'
import type { Parked, ParkedItem } from './parked.ts'
import type { Rows } from './rows.ts'
import type { Settler } from './settle.ts'
import type { Settled } from './settled.ts'
import { countGroup, type LiveCounts } from './tally.ts'

export interface OutcomesOptions {
  readonly settler: Settler
  readonly rows: () => Rows
  readonly parked: Parked
  readonly dependency: (name: string) => Dependency | undefined
  readonly counts: LiveCounts
  readonly limits: StopLimits
  readonly events: EventStream
  readonly committer: Committer
  readonly keys: KeyGuard | undefined
  /** How the run is ending; then an aborted attempt isn't a failed one. */
  readonly ending: () => 'cancel' | 'other' | undefined
  /** The batch must stop. */
  readonly stop: (why: string) => void
}

/** What follows from an attempt's end: the item's next state, the counts, events, limits. Every path goes through `settled`. */
export interface Outcomes {
  /** A promise only when settling takes time. */
  ended(attempt: Attempt, threw: boolean, value: unknown): undefined | Promise<void>
  /** The attempt failed of itself, whatever its handler does later. */
  failed(attempt: Attempt, thrown: unknown): Promise<void>
  settled(settled: Settled, position: number): void
  park(item: ParkedItem): void
}

export function createOutcomes(options: OutcomesOptions): Outcomes {
  return new LiveOutcomes(options)
}

const onItsWay: ReadonlySet<string> = new Set(['running', 'waiting', 'held', 'pending'])
const succeeded = { failed: false }

class LiveOutcomes implements Outcomes {
  private readonly options: OutcomesOptions
  constructor(options: OutcomesOptions) {
    this.options = options
  }

  ended(attempt: Attempt, threw: boolean, value: unknown): undefined | Promise<void> {
    this.count(attempt)
    if (threw || attempt.heldBy !== undefined || attempt.throttled !== undefined)
      return this.settleFailed(attempt, threw, value)
    if (this.isPlain(attempt)) return this.plainSuccess(attempt)
    const settled = this.options.settler.succeeded(attempt, value)
    if (settled.hasRow) this.options.rows().forget(attempt)
    this.settled(settled, attempt.position)
    return undefined
  }

  /** A success that leaves no row, and of which nobody wants to hear: what most items are. */
  private isPlain(attempt: Attempt): boolean {
    const { settler, events } = this.options
    return attempt.attempt === 1 && attempt.generation === 1 && settler.leavesNoRow && !events.read
  }

  private plainSuccess(attempt: Attempt): undefined {
    const { committer, counts, limits, stop } = this.options
    committer.success(attempt.position)
    counts.states.succeeded++
    const why = limits.note(succeeded)
    if (why) stop(why)
    return undefined
  }

  async failed(attempt: Attempt, thrown: unknown): Promise<void> {
    this.count(attempt)
    this.after(await this.options.settler.failed(attempt, thrown), attempt)
  }

  settled(settled: Settled, position: number): void {
    const { from, to } = settled
    const { counts, events, keys, committer } = this.options
    const { states } = counts
    states[to]++
    // What has no row yet was never counted where it came from.
    if (settled.hasRow || to === 'running' || from === 'waiting') states[from]--
    if (settled.recovered) counts.recovered++
    if (settled.group) countGroup(counts, settled.group)
    if (keys && to !== 'running') committer.afterCommit(() => keys.durable(settled.key))
    if (events.read) events.emit({ type: 'item', position, key: settled.key, from, to })
    if (!onItsWay.has(to)) this.judge(settled)
  }

  park(item: ParkedItem): void {
    this.options.parked.add(item)
    if (item.state !== 'held' || item.dependency === undefined || item.orphan) return
    const dependency = this.options.dependency(item.dependency)
    dependency?.held.push(item.position)
    // Held without a refusal: it used up its retries, and nobody was answered. Then the breaker says so too.
    if (dependency?.breaker?.phase === 'closed')
      dependency.open('items used up their retries, and it has answered nobody since')
  }

  private count(attempt: Attempt): void {
    this.options.counts.total++
    if (this.isRetry(attempt)) this.options.counts.retries++
  }

  /** A failure before it counted: an item that was only held or throttled so far has its first attempt still before it. */
  private isRetry(attempt: Attempt): boolean {
    if (attempt.attempt === 1) return false
    const row = this.options.rows().rowOf(attempt)
    return row !== undefined && Object.keys(row.progress.counted).length > 0
  }

  private async settleFailed(attempt: Attempt, threw: boolean, value: unknown): Promise<void> {
    const { settler } = this.options
    const ending = this.options.ending()
    // Cancelled or interrupted, and not by the item's fault.
    if (ending && attempt.aborted !== undefined && !attempt.timedOut) {
      return this.after(
        await (ending === 'cancel'
          ? settler.cancelled(attempt)
          : settler.interrupted(attempt, 'interrupted: the attempt does not count')),
        attempt,
      )
    }
    const thrown = threw ? value : new Error('the handler went on although a dependency refused its call')
    this.after(await settler.failed(attempt, thrown), attempt)
  }

  private after(settled: Settled, attempt: Attempt): void {
    const { counts } = this.options
    if (settled.uncounted) {
      counts.notCounted++
      if (this.isRetry(attempt)) counts.retries--
    }
    if (settled.parked) this.park(settled.parked)
    this.settled({ ...settled, hasRow: this.options.rows().rowOf(attempt) !== undefined }, attempt.position)
    this.options.rows().forget(attempt)
  }

  private judge(settled: Settled): void {
    const { limits, stop } = this.options
    const failed = settled.to === 'quarantined'
    const { classification } = settled
    const why = limits.note(
      failed && classification
        ? { failed, type: classification.type, disposition: classification.disposition }
        : succeeded,
    )
    if (settled.stop ?? why) stop((settled.stop ?? why)!)
  }
}
