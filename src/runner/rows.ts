import type { AttemptWorld } from '../attempt/attempt.ts'
import { type Attempt, createAttempt } from '../attempt/attempt.ts'
import type { Clock } from '../model/clock.ts'
import { excludeMs } from '../policy/progress.ts'
import type { KeptPayload, Progress, Runs } from '../store/runs.ts'
import type { Committer } from './committer.ts'
import type { Dependency } from './dependency.ts'
import type { Parked, ParkedItem } from './parked.ts'
import type { Settled } from './settled.ts'
import type { ShapeKept } from './shape-kept.ts'

export interface RowsOptions {
  readonly runs: Runs
  readonly batchId: string
  readonly concurrency: number
  readonly world: AttemptWorld
  readonly clock: Clock
  readonly committer: Committer
  readonly parked: Parked
  readonly dependencies: ReadonlyMap<string, Dependency>
  readonly shapeKept: ShapeKept
  /** An item moved without running. */
  readonly onSettled: (settled: Settled, position: number) => void
  readonly wake: () => void
  readonly onError: (error: unknown) => void
  /** Members of operations stand back: the source has items. */
  readonly redrivesWait: () => boolean
}

/** Items that have a row: which of them may run now, in which order, and their start recorded before they do. */
export interface Rows {
  /** An attempt whose start is durable. */
  take(): Attempt | undefined
  /** Looks for rows that may run now; `wake` is called when some are ready, or when time has come to look again. */
  arm(): void
  redrive(items: readonly ParkedItem[]): void
  /** The row of an item that runs not for the first time. */
  rowOf(attempt: Attempt): ParkedItem | undefined
  /** The attempt has ended. */
  forget(attempt: Attempt): void
  /** No row is left that could run. */
  readonly empty: boolean
  stop(): void
  pause(paused: boolean): void
  /** What was armed and has not begun. */
  takeArmed(): readonly Attempt[]
}

interface Pick {
  readonly item: ParkedItem
  readonly probeOf?: string
}

export function createRows(options: RowsOptions): Rows {
  return new ArmedRows(options)
}

class ArmedRows implements Rows {
  private readonly options: RowsOptions
  private readonly ready: Attempt[] = []
  private readonly redriving: ParkedItem[] = []
  /** Armed or running. At most C, so that a crash leaves at most so many found running (I7). */
  private readonly rows = new Map<Attempt, ParkedItem>()
  private readonly probing = new Map<string, number>()
  private arming = false
  private armAgain = false
  private stopped = false
  private paused = false
  private cancelTimer: (() => void) | undefined

  constructor(options: RowsOptions) {
    this.options = options
  }

  take(): Attempt | undefined {
    return this.ready.shift()
  }

  redrive(items: readonly ParkedItem[]): void {
    this.redriving.push(...items)
    this.arm()
  }

  rowOf(attempt: Attempt): ParkedItem | undefined {
    return this.rows.get(attempt)
  }

  forget(attempt: Attempt): void {
    if (!this.rows.delete(attempt)) return
    if (attempt.probeOf !== undefined) this.probing.set(attempt.probeOf, (this.probing.get(attempt.probeOf) ?? 1) - 1)
    this.arm()
  }

  get empty(): boolean {
    return !this.arming && this.rows.size === 0 && !this.parkedAny()
  }

  stop(): void {
    this.stopped = true
    this.cancelTimer?.()
  }

  pause(paused: boolean): void {
    this.paused = paused
    if (!paused) this.arm()
  }

  takeArmed(): readonly Attempt[] {
    return this.ready.splice(0)
  }

  arm(): void {
    if (this.arming) {
      this.armAgain = true
      return
    }
    if (this.stopped || this.paused || !this.parkedAny()) return
    const picks = this.pick()
    if (picks.length === 0) this.armWhenDue()
    else this.armed(picks)
  }

  private armed(picks: readonly Pick[]): void {
    this.arming = true
    this.begin(picks)
      .catch(this.options.onError)
      .finally(() => {
        this.arming = false
        const again = this.armAgain
        this.armAgain = false
        if (again) this.arm()
        this.options.wake()
      })
  }

  private parkedAny(): boolean {
    return this.options.parked.any || this.redriving.length > 0
  }

  private pick(): Pick[] {
    const { parked, clock, concurrency } = this.options
    const nowMs = clock.monotonicMs()
    const picks: Pick[] = []
    while (this.rows.size + picks.length < concurrency) {
      const pick =
        this.pickDue(nowMs) ?? this.pickReleased(nowMs, picks) ?? plain(parked.takePending()) ?? this.pickRedrive()
      if (!pick) break
      picks.push(pick)
    }
    return picks
  }

  private pickDue(nowMs: number): Pick | undefined {
    for (;;) {
      const item = this.options.parked.takeDue(nowMs)
      if (!item) return undefined
      const dependency = item.dependency === undefined ? undefined : this.options.dependencies.get(item.dependency)
      if (!dependency?.breaker || dependency.breaker.phase === 'closed' || item.throttled || item.orphan)
        return { item }
      this.holdDue(item, dependency)
    }
  }

  /** Due while its dependency is open: held, and the handler isn't called. */
  private holdDue(item: ParkedItem, dependency: Dependency): void {
    const { committer, parked, clock } = this.options
    const { dueMs: _due, ...rest } = item
    committer.write({ ...rowWrite(item), from: 'waiting', to: 'held', dependency: dependency.name })
    parked.add({ ...rest, state: 'held', dependency: dependency.name, parkedAtMs: clock.wallMs() })
    dependency.held.push(item.position)
    this.options.onSettled({ from: 'waiting', to: 'held', key: item.key }, item.position)
  }

  private pickReleased(nowMs: number, picks: readonly Pick[]): Pick | undefined {
    for (const dependency of this.options.dependencies.values()) {
      if (dependency.held.size === 0) continue
      const probe = this.mayProbe(dependency, nowMs)
      if (!probe && !this.mayRelease(dependency, nowMs, picks)) continue
      const position = dependency.held.shift()
      const item = position === undefined ? undefined : this.options.parked.takeHeld(position)
      if (!item) continue
      if (!probe) return { item }
      this.probing.set(dependency.name, (this.probing.get(dependency.name) ?? 0) + 1)
      return { item, probeOf: dependency.name }
    }
    return undefined
  }

  private mayProbe({ breaker, name }: Dependency, nowMs: number): boolean {
    if (!breaker || breaker.phase === 'closed') return false
    if (breaker.phase === 'open' && nowMs < breaker.openUntilMs) return false
    return (this.probing.get(name) ?? 0) < breaker.probes
  }

  /** As many as the ramp lets be in flight; those that are armed count, since each of them will call. */
  private mayRelease(dependency: Dependency, nowMs: number, picks: readonly Pick[]): boolean {
    const { breaker, name } = dependency
    if (!breaker) return true
    if (breaker.phase !== 'closed') return false
    const limit = breaker.rampLimit(nowMs)
    if (limit === Number.POSITIVE_INFINITY) return true
    let armed = picks.filter((pick) => pick.item.dependency === name).length
    for (const attempt of this.ready) if (this.rows.get(attempt)?.dependency === name) armed++
    return dependency.inFlight + armed < limit
  }

  private pickRedrive(): Pick | undefined {
    if (this.redriving.length === 0 || this.options.redrivesWait()) return undefined
    return { item: this.redriving.shift()! }
  }

  private async begin(picks: readonly Pick[]): Promise<void> {
    const { runs, batchId, committer } = this.options
    // What failed a moment ago may not be in the ledger yet, nor its payload.
    await durable(committer)
    const payloads = await runs.payloads(
      batchId,
      picks.map((pick) => pick.item.position),
    )
    const revived: Attempt[] = []
    for (const pick of picks) {
      revived.push(await this.revive(pick, payloads.get(pick.item.position)))
      committer.write({ ...rowWrite(pick.item), from: pick.item.state, to: 'running' })
      this.options.onSettled({ from: pick.item.state, to: 'running', key: pick.item.key }, pick.item.position)
    }
    await durable(committer)
    this.ready.push(...revived)
  }

  /** The attempt of a row. When its payload can't be shaped any more it fails with that, and the handler isn't called. */
  private async revive({ item, probeOf }: Pick, payload: KeptPayload | undefined): Promise<Attempt> {
    const shaped = await this.options.shapeKept(payload)
    const attempt = createAttempt(this.options.world, {
      position: item.position,
      key: shaped.key,
      item: shaped.item,
      payload: shaped.payload,
      attempt: item.progress.attempts + 1,
      generation: item.progress.generation,
    })
    attempt.probeOf = probeOf
    attempt.ticket = item.ticket
    attempt.refusal = shaped.refused
    this.rows.set(attempt, { ...item, progress: this.withoutHeldTime(item) })
    return attempt
  }

  private withoutHeldTime(item: ParkedItem): Progress {
    if (item.state !== 'held') return item.progress
    return { ...item.progress, ...excludeMs(item.progress, this.options.clock.wallMs() - item.parkedAtMs) }
  }

  private armWhenDue(): void {
    const { parked, clock, dependencies } = this.options
    let atMs = parked.nextDueMs()
    for (const { held, breaker } of dependencies.values()) {
      if (held.size > 0 && breaker?.phase === 'open') atMs = Math.min(atMs, breaker.openUntilMs)
    }
    this.cancelTimer?.()
    if (!Number.isFinite(atMs)) return
    const delayMs = Math.ceil(Math.max(1, atMs - clock.monotonicMs()))
    this.cancelTimer = clock.setTimer(() => this.arm(), delayMs)
  }
}

const plain = (item: ParkedItem | undefined): Pick | undefined => item && { item }

const durable = (committer: Committer) => new Promise<void>((resolve) => committer.afterCommit(resolve))

/** What every write about a row says of it. */
export function rowWrite(item: ParkedItem) {
  const { position, key, progress, operationId, dependency } = item
  return {
    position,
    key,
    progress,
    ...(operationId !== undefined && { operationId }),
    ...(dependency !== undefined && { dependency }),
  }
}
