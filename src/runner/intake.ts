import { type Attempt, type AttemptWorld, createAttempt } from '../attempt/executor.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { Clock } from '../model/clock.ts'
import { decodePayload } from '../model/payload-codec.ts'
import type { RateLimiter } from '../policy/rate-limiter.ts'
import type { Entry, Shaped, SourceAdapter } from '../source/source.ts'
import type { KeptPayload, Progress, Runs } from '../store/runs.ts'
import type { Committer } from './committer.ts'
import type { Dependency } from './dependency.ts'
import type { Feed } from './feed.ts'
import type { KeyGuard } from './key-guard.ts'
import type { Parked, ParkedItem } from './parked.ts'
import type { Settled, Settler } from './settle.ts'

/** What is known of a position that reads further than this ahead of the watermark is not read: the map in each checkpoint stays small. */
const SPAN_LIMIT = 65_536
/** While the source gives items, every so many-th start may be a redrive, so that neither starves. */
const REDRIVE_EVERY = 8

export interface IntakeOptions {
  readonly job: CheckedJob
  readonly source: SourceAdapter
  readonly runs: Runs
  readonly batchId: string
  readonly world: AttemptWorld
  readonly clock: Clock
  readonly committer: Committer
  readonly settler: Settler
  readonly parked: Parked
  readonly dependencies: ReadonlyMap<string, Dependency>
  readonly feed: () => Feed | undefined
  readonly keys: KeyGuard | undefined
  readonly limiter: RateLimiter | undefined
  /** State of the source's cursor, for repaired raw rows: the header of a CSV file. */
  readonly rawState: () => unknown
  /** Distance from the watermark to the highest known position. */
  readonly span: () => number
  /** An item ended or moved without running. */
  readonly onSettled: (settled: Settled, position: number) => void
  /** Something may be there for idle slots. */
  readonly wake: () => void
  /** Attempts of rows, under way. */
  readonly rowsRunning: () => number
  readonly onNotice: (code: string, message: string) => void
}

/** The one owner of schedule and admission: what runs next, and whether anything may. Due before released before source before redrive. */
export interface Intake {
  /** The next attempt, undefined if none may start now: `wake` is called when that changes. */
  next(): Attempt | undefined | Promise<Attempt | undefined>
  /** Members of an operation, to be run at low priority. */
  redrive(items: readonly ParkedItem[]): void
  /** The row of an item that runs not for the first time. */
  rowOf(attempt: Attempt): ParkedItem | undefined
  forget(attempt: Attempt): void
  /** Nothing is left to run, nor will anything come by itself. */
  readonly drained: boolean
  readonly redrives: number
  /** No attempt starts any more; nor is anything taken from the source. */
  stop(): void
  pause(): void
  resume(): void
  /** Rows whose start is recorded and that have not begun: they go back. */
  takeArmed(): readonly Attempt[]
}

export function createIntake(options: IntakeOptions): Intake {
  return new LiveIntake(options)
}

class LiveIntake implements Intake {
  private readonly options: IntakeOptions
  private readonly ready: Attempt[] = []
  private readonly redriving: ParkedItem[] = []
  private readonly rows = new Map<Attempt, ParkedItem>()
  private readonly probing = new Map<string, number>()
  private halted = false
  private paused = false
  private arming = false
  private armAgain = false
  private awaitingRoom = false
  private shaping = 0
  private starts = 0
  private cancelTimer: (() => void) | undefined
  private saidFull = false

  constructor(options: IntakeOptions) {
    this.options = options
  }

  next(): Attempt | undefined | Promise<Attempt | undefined> {
    if (this.halted || this.paused) return undefined
    if (this.options.committer.full) return this.awaitRoom()
    this.starts++
    const ready = this.ready.shift()
    if (ready) {
      this.arm()
      return ready
    }
    if (this.hasRows()) this.arm()
    return this.fromSource()
  }

  redrive(items: readonly ParkedItem[]): void {
    this.redriving.push(...items)
    this.options.wake()
  }

  rowOf(attempt: Attempt): ParkedItem | undefined {
    return this.rows.get(attempt)
  }

  forget(attempt: Attempt): void {
    if (attempt.probeOf !== undefined) {
      this.probing.set(attempt.probeOf, (this.probing.get(attempt.probeOf) ?? 1) - 1)
      this.arm()
    }
    if (this.rows.delete(attempt)) this.arm()
  }

  get drained(): boolean {
    const feed = this.options.feed()
    const { parked } = this.options
    return (
      (feed === undefined || feed.done) && this.shaping === 0 && !this.arming && this.rows.size === 0 &&
      parked.waiting + parked.held + parked.pending + this.redriving.length === 0
    )
  }

  get redrives(): number {
    return this.redriving.length
  }

  stop(): void {
    this.halted = true
    this.cancelTimer?.()
  }
  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
    this.options.wake()
  }

  takeArmed(): readonly Attempt[] {
    return this.ready.splice(0)
  }

  // ---- from the source

  private fromSource(): Attempt | undefined | Promise<Attempt | undefined> {
    const feed = this.options.feed()
    if (!feed || !this.mayRead()) return undefined
    for (;;) {
      if (this.options.limiter && !this.withinRate(feed)) return undefined
      const entry = feed.take()
      if (!entry) return undefined
      const attempt = this.fromEntry(entry)
      if (attempt !== null) return attempt
      if (this.halted || this.options.committer.full) return this.awaitRoom()
    }
  }

  private mayRead(): boolean {
    const { parked, job } = this.options
    if (parked.waiting + parked.held >= job.parked) {
      if (!this.saidFull) this.options.onNotice('RD-PARKED', `${job.parked} items wait or are held: the source is not read until some have ended`)
      this.saidFull = true
      return false
    }
    // Who is throttled already would only be joined by more of the same.
    if (parked.throttled >= job.concurrency * 4) return false
    return this.options.span() < SPAN_LIMIT
  }

  private withinRate(feed: Feed): boolean {
    if (!feed.ready) return true
    const waitMs = this.options.limiter!.take(this.options.clock.monotonicMs())
    if (waitMs <= 0) return true
    this.options.limiter!.giveBack()
    this.wakeIn(waitMs)
    return false
  }

  /** Null when the entry ended without running. */
  private fromEntry(entry: Entry): Attempt | null | Promise<Attempt | undefined> {
    const { source, settler } = this.options
    if (entry.unreadable) {
      this.options.onSettled(settler.unreadable(entry), entry.position)
      return null
    }
    if (!source.shape) return this.first(entry, entry.payload, undefined)
    const shaped = source.shape(entry.payload)
    if (shaped instanceof Promise) return this.later(shaped.then((late) => this.fromShaped(entry, late)))
    const result = this.fromShaped(entry, shaped)
    return result instanceof Promise ? this.later(result) : result
  }

  private fromShaped(entry: Entry, shaped: Shaped): Attempt | Promise<Attempt | null> {
    if ('refused' in shaped) return this.refuse(entry, shaped)
    if (this.options.keys && shaped.key !== undefined) return this.unlessDuplicate(entry, shaped.item, shaped.key)
    return this.first(entry, shaped.item, shaped.key)
  }

  private async refuse(entry: Entry, shaped: Extract<Shaped, { refused: unknown }>): Promise<null> {
    this.options.onSettled(await this.options.settler.refused(entry, shaped.refused, shaped.key), entry.position)
    return null
  }

  private async unlessDuplicate(entry: Entry, item: unknown, key: string): Promise<Attempt | null> {
    const of = await this.options.keys!.claim(key, entry.position)
    if (of === undefined) return this.first(entry, item, key)
    this.options.onSettled(await this.options.settler.duplicate(entry, key, of), entry.position)
    return null
  }

  /** An entry whose shape takes time: it counts as work under way until it is an attempt, or has ended. */
  private async later(promised: Promise<Attempt | null>): Promise<Attempt | undefined> {
    this.shaping++
    try {
      const attempt = await promised
      if (attempt !== null) return attempt
    } finally {
      this.shaping--
    }
    return this.next()
  }

  private first(entry: Entry, item: unknown, key: string | undefined): Attempt {
    return createAttempt(this.options.world, { position: entry.position, key, item, payload: entry.payload, attempt: 1, generation: 1 })
  }

  // ---- from the ledger

  private hasRows(): boolean {
    const { parked } = this.options
    return parked.waiting + parked.held + parked.pending + this.redriving.length > 0
  }

  /** Takes rows that may run, records their start and has them ready once that is durable. */
  private arm(): void {
    if (this.arming) {
      this.armAgain = true
      return
    }
    if (this.halted || this.paused || !this.hasRows()) return
    const picks = this.pick()
    if (picks.length === 0) return this.wakeWhenDue()
    this.arming = true
    this.begin(picks)
      .catch((error: unknown) => this.options.onNotice('RD-1999', `rows could not be taken up: ${String(error)}`))
      .finally(() => {
        this.arming = false
        if (this.armAgain) {
          this.armAgain = false
          this.arm()
        }
        this.options.wake()
      })
  }

  private pick(): Pick[] {
    const { parked, clock, job } = this.options
    const nowMs = clock.monotonicMs()
    const picks: Pick[] = []
    let room = job.concurrency - this.options.rowsRunning() - this.ready.length
    while (room > 0) {
      const pick = this.pickDue(nowMs) ?? this.pickReleased(nowMs) ?? this.pickPlain(parked.takePending()) ?? this.pickRedrive()
      if (!pick) break
      picks.push(pick)
      room--
    }
    return picks
  }

  private pickDue(nowMs: number): Pick | undefined {
    for (;;) {
      const item = this.options.parked.takeDue(nowMs)
      if (!item) return undefined
      const dependency = item.dependency === undefined ? undefined : this.options.dependencies.get(item.dependency)
      if (!dependency?.breaker || dependency.breaker.phase === 'closed' || item.throttled) return { item }
      this.holdDue(item, dependency)
    }
  }

  /** Due while its dependency is open: held, and the handler isn't called. */
  private holdDue(item: ParkedItem, dependency: Dependency): void {
    const { committer, parked, clock } = this.options
    const { position, key, progress, operationId } = item
    committer.write({ position, key, from: 'waiting', to: 'held', progress, dependency: dependency.name, ...(operationId !== undefined && { operationId }) })
    const { dueMs: _due, ...rest } = item
    parked.add({ ...rest, state: 'held', parkedAtMs: clock.wallMs() })
    dependency.held.push(position)
    this.options.onSettled({ from: 'waiting', to: 'held', key }, position)
  }

  private pickReleased(nowMs: number): Pick | undefined {
    for (const dependency of this.options.dependencies.values()) {
      if (dependency.held.size === 0) continue
      const probe = this.mayProbe(dependency, nowMs)
      if (!probe && !this.mayRelease(dependency, nowMs)) continue
      const position = dependency.held.shift()
      const item = position === undefined ? undefined : this.options.parked.takeHeld(position)
      if (!item) continue
      if (probe) this.probing.set(dependency.name, (this.probing.get(dependency.name) ?? 0) + 1)
      return probe ? { item, probeOf: dependency.name } : { item }
    }
    return undefined
  }

  private mayProbe(dependency: Dependency, nowMs: number): boolean {
    const { breaker } = dependency
    if (!breaker || breaker.phase === 'closed') return false
    if (breaker.phase === 'open' && nowMs < breaker.openUntilMs) return false
    return (this.probing.get(dependency.name) ?? 0) < breaker.probes
  }

  private mayRelease(dependency: Dependency, nowMs: number): boolean {
    if (!dependency.breaker) return true
    if (dependency.breaker.phase !== 'closed') return false
    let armed = 0
    for (const attempt of this.ready) if (this.rows.get(attempt)?.dependency === dependency.name) armed++
    return dependency.inFlight + armed < dependency.breaker.rampLimit(nowMs)
  }

  private pickPlain(item: ParkedItem | undefined): Pick | undefined {
    return item && { item }
  }

  private pickRedrive(): Pick | undefined {
    if (this.redriving.length === 0) return undefined
    if (this.options.feed()?.ready && this.starts % REDRIVE_EVERY !== 0) return undefined
    return { item: this.redriving.shift()! }
  }

  private async begin(picks: readonly Pick[]): Promise<void> {
    const { runs, batchId, committer } = this.options
    // What failed a moment ago may not be in the ledger yet, nor its payload.
    await new Promise<void>((resolve) => committer.afterCommit(resolve))
    const payloads = await runs.payloads(batchId, picks.map((pick) => pick.item.position))
    const revived: Attempt[] = []
    for (const pick of picks) {
      revived.push(await this.revive(pick, payloads.get(pick.item.position)))
      const { position, key, progress, state, operationId, dependency } = pick.item
      committer.write({
        position, key, from: state, to: 'running', progress,
        ...(operationId !== undefined && { operationId }), ...(dependency !== undefined && { dependency }),
      })
      this.options.onSettled({ from: state, to: 'running', key }, position)
    }
    await new Promise<void>((resolve) => committer.afterCommit(resolve))
    this.ready.push(...revived)
  }

  /** The attempt of a row. When its payload can't be shaped any more it fails with that, and the handler isn't called. */
  private async revive(pick: Pick, payload: KeptPayload | undefined): Promise<Attempt> {
    const { item } = pick
    const row: ParkedItem = item.state === 'held' ? { ...item, progress: this.withoutHeldTime(item) } : item
    const shaped = await this.shapeKept(payload)
    const attempt = createAttempt(this.options.world, {
      position: item.position, key: shaped.key, item: shaped.item, payload: shaped.payload,
      attempt: item.progress.attempts + 1, generation: item.progress.generation,
    })
    attempt.probeOf = pick.probeOf
    attempt.ticket = item.ticket
    attempt.refusal = shaped.refused
    this.rows.set(attempt, row)
    return attempt
  }

  private async shapeKept(kept: KeptPayload | undefined): Promise<{ item?: unknown; payload?: unknown; key: string | undefined; refused?: { error: unknown } }> {
    const { source } = this.options
    try {
      const payload = this.readKept(kept)
      if (!source.shape) return { item: payload, payload, key: undefined }
      const shaped = await source.shape(payload)
      if ('refused' in shaped) return { payload, key: shaped.key, refused: { error: shaped.refused } }
      return { item: shaped.item, payload, key: shaped.key }
    } catch (error) {
      return { key: undefined, refused: { error } }
    }
  }

  private readKept(kept: KeptPayload | undefined): unknown {
    if (!kept) throw Object.assign(new Error('the ledger has no payload of this item'), { code: 'RD-1602' })
    if (kept.body !== null) return decodePayload(kept.body)
    const read = this.options.source.readRaw(kept.raw ?? '', this.options.rawState())
    if ('error' in read) throw read.error
    return read.payload
  }

  private withoutHeldTime(item: ParkedItem): Progress {
    if (item.progress.firstFailedAtMs === undefined) return item.progress
    return { ...item.progress, excludedMs: item.progress.excludedMs + Math.max(0, this.options.clock.wallMs() - item.parkedAtMs) }
  }

  // ---- waking

  private awaitRoom(): undefined {
    if (!this.awaitingRoom && !this.halted) {
      this.awaitingRoom = true
      void this.options.committer.room().then(() => {
        this.awaitingRoom = false
        this.options.wake()
      })
    }
    return undefined
  }

  private wakeWhenDue(): void {
    const { parked, clock, dependencies } = this.options
    let atMs = parked.nextDueMs()
    for (const { held, breaker } of dependencies.values()) {
      if (held.size > 0 && breaker?.phase === 'open') atMs = Math.min(atMs, breaker.openUntilMs)
    }
    if (Number.isFinite(atMs)) this.wakeIn(Math.max(1, atMs - clock.monotonicMs()))
  }

  private wakeIn(delayMs: number): void {
    this.cancelTimer?.()
    this.cancelTimer = this.options.clock.setTimer(() => {
      this.arm()
      this.options.wake()
    }, Math.ceil(delayMs))
  }
}

interface Pick {
  readonly item: ParkedItem
  readonly probeOf?: string
}
