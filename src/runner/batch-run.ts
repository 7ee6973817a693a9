import { type Attempt, AttemptTimeout, type AttemptWorld, createInlineExecutor, type Executor, type LogLevel } from '../attempt/executor.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { KeptBatchState } from '../model/batch.ts'
import type { Clock } from '../model/clock.ts'
import { formatDuration } from '../model/duration.ts'
import type { BatchEvent } from '../model/event.ts'
import { itemStates } from '../model/item.ts'
import { createPositionMap, type PositionMap } from '../model/position-map.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { createRateLimiter } from '../policy/rate-limiter.ts'
import { createStopLimits } from '../policy/stop-limits.ts'
import type { Cursor, SourceAdapter } from '../source/source.ts'
import type { BatchRecord, Signal } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { loadBreakers, writeBreaker } from './breaker-cells.ts'
import { type Committer, createCommitter } from './committer.ts'
import { createDependency, type Dependency } from './dependency.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import { createFeed, type Feed } from './feed.ts'
import { createIntake, type Intake } from './intake.ts'
import { createKeyGuard, type KeyGuard } from './key-guard.ts'
import { loadOpenRows } from './open-rows.ts'
import { LEASE_MS, RENEW_MS, runnerLives } from './owner.ts'
import { createParked, type Parked } from './parked.ts'
import { createSettler, type Settled, type Settler } from './settle.ts'
import { createSlots, type Slots } from './slots.ts'
import { openSource } from './open-source.ts'
import { countGroup, createLiveCounts, type LiveCounts } from './tally.ts'
import { createTimingWheel, type TimingWheel } from './timing-wheel.ts'

/** Signals from other processes are read so often. */
const SIGNAL_MS = 500

export interface BatchRunOptions {
  readonly store: Store
  readonly job: CheckedJob
  readonly source: SourceAdapter
  /** As it was when the lease was taken. */
  readonly batch: BatchRecord
  readonly epoch: number
  readonly runnerId: string
  readonly clock: Clock
  readonly random: () => number
  readonly limit?: number
  readonly ratePerMs?: number
  /** Only the members of this operation are run; the source isn't read and the batch keeps its state. */
  readonly operationId?: string
  readonly onLog?: (level: LogLevel, line: string) => void
}

/** How a run of a batch ended. The batch's verdict stands in the ledger. */
export interface Conclusion {
  readonly state: KeptBatchState
  /** The batch goes on where it is when it is resumed. */
  readonly interrupted: boolean
  readonly stopReason?: string
}

type Ending = { readonly kind: 'finish' | 'stop' | 'interrupt' | 'cancel'; readonly why: string }

/** One run of a batch by this process: from the claimed lease to its release. */
export interface BatchRun {
  readonly id: string
  /** Rejects for redrive's own errors only. */
  readonly done: Promise<Conclusion>
  readonly events: EventStream
  readonly counts: LiveCounts
  readonly dependencies: ReadonlyMap<string, Dependency>
  readonly read: number
  readonly running: number
  readonly paused: boolean
  pause(): Promise<void>
  resume(): Promise<void>
  cancel(options?: { readonly drain?: boolean }): Promise<void>
  /** Nothing new starts; what runs may end; resumable. With `force` what runs is aborted and recorded as interrupted. */
  interrupt(force?: boolean): Promise<void>
}

export async function startBatchRun(options: BatchRunOptions): Promise<BatchRun> {
  const run = new LiveRun(options)
  await run.begin()
  return run
}

class LiveRun implements BatchRun {
  readonly id: string
  readonly done: Promise<Conclusion>
  readonly events = createEventStream()
  readonly counts: LiveCounts
  readonly dependencies = new Map<string, Dependency>()
  private readonly options: BatchRunOptions
  private readonly clock: Clock
  private readonly positions: PositionMap
  private readonly committer: Committer
  private readonly wheel: TimingWheel
  private readonly parked: Parked = createParked()
  private readonly settler: Settler
  private readonly executor: Executor
  private readonly keys: KeyGuard | undefined
  private readonly limits
  private intake!: Intake
  /** Made last: attempts start as soon as it is there. */
  private slots: Slots | undefined
  private feed: Feed | undefined
  private kept: Cursor
  private state: KeptBatchState
  private ending: Ending | undefined
  private concluding = false
  private pausing: (() => void)[] = []
  private pausedAt: 'no' | 'soon' | 'yes' = 'no'
  private abandoned = 0
  private rowsRunning = 0
  private renewedMs: number
  private readonly timers = new Set<() => void>()
  private resolve!: (conclusion: Conclusion) => void
  private reject!: (error: unknown) => void

  constructor(options: BatchRunOptions) {
    const { batch, job, clock, store, epoch } = options
    this.options = options
    this.clock = clock
    this.id = batch.id
    this.state = batch.state
    this.renewedMs = clock.monotonicMs()
    this.kept = JSON.parse(batch.checkpoint.cursor || '{"position":0}') as Cursor
    this.positions = createPositionMap(batch.checkpoint.watermark, batch.checkpoint.map)
    this.counts = createLiveCounts(batch.checkpoint.tally, Object.fromEntries(itemStates.map((state) => [state, 0])) as never)
    this.limits = createStopLimits(job.stopWhen)
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.done.catch(() => {})
    this.wheel = createTimingWheel(clock)
    this.executor = createInlineExecutor(job.run)
    this.keys = job.duplicates === 'run' ? undefined : createKeyGuard(store.runs, batch.id)
    this.committer = createCommitter({
      runs: store.runs, batchId: batch.id, epoch, clock, positions: this.positions, each: job.each,
      checkpoint: () => this.checkpoint(), onBroken: (error) => this.broken(error),
    })
    this.settler = createSettler({
      job, source: options.source, committer: this.committer, clock, random: options.random, dependencies: this.dependencies,
      rowOf: (attempt) => this.intake.rowOf(attempt),
    })
  }

  get read(): number {
    return this.feed?.read ?? this.options.batch.checkpoint.read
  }
  get running(): number {
    return this.slots?.running ?? 0
  }
  get paused(): boolean {
    return this.pausedAt !== 'no'
  }

  /** Takes up what the ledger has open, opens the source, and sets the slots going. */
  async begin(): Promise<void> {
    const { options } = this
    const { store, job, batch, clock } = options
    runnerLives(options.runnerId, true)
    try {
      await this.openDependencies()
      const counts = await store.runs.counts(batch.id)
      Object.assign(this.counts.states, Object.fromEntries(itemStates.map((state) => [state, counts[state]])), { pending: 0, running: 0 })
      const world: AttemptWorld = {
        jobName: job.name, batchId: batch.id, clock,
        call: (attempt, name, fn, fallback) => this.dependency(name).call(attempt, fn, fallback),
        log: (attempt, level, message, fields) => this.log(attempt, level, message, fields),
      }
      this.intake = createIntake({
        job, source: options.source, runs: store.runs, batchId: batch.id, world, clock, committer: this.committer, settler: this.settler,
        parked: this.parked, dependencies: this.dependencies, feed: () => this.feed, keys: this.keys,
        limiter: options.ratePerMs === undefined ? undefined : createRateLimiter(options.ratePerMs),
        rawState: () => this.kept.state, span: () => this.positions.end - this.positions.watermark,
        onSettled: (settled, position) => this.settled(settled, position), wake: () => this.slots?.wake(),
        rowsRunning: () => this.rowsRunning, onNotice: (code, message) => this.notice(code, message),
      })
      await this.takeUp()
      if (options.operationId === undefined) await this.openFeed()
      this.slots = createSlots({
        count: job.concurrency, timeoutMs: job.timeoutMs, intake: this.intake, executor: this.executor, wheel: this.wheel, clock,
        each: job.each ? () => this.committer.flush() : undefined,
        onEnd: (attempt, threw, value) => this.ended(attempt, threw, value),
        onTimeout: (attempt) => this.timedOut(attempt), onAbandon: (attempt) => this.abandon(attempt),
        onIdle: () => this.idle(), onError: (error) => this.broken(error),
      })
    } catch (error) {
      this.shut()
      throw error
    }
    this.heartbeat()
    if (job.deadlineMs !== undefined && options.operationId === undefined) this.startDeadline(job.deadlineMs)
    this.slots?.wake()
  }

  // ---- what people may do

  async pause(): Promise<void> {
    if (this.ending || this.pausedAt === 'yes') return
    this.pausedAt = 'soon'
    this.intake.pause()
    const paused = new Promise<void>((resolve) => this.pausing.push(resolve))
    this.idleSoon()
    await Promise.race([paused, this.done.then(() => {})])
  }

  async resume(): Promise<void> {
    if (this.pausedAt === 'no' || this.ending) return
    const wasPaused = this.pausedAt === 'yes'
    this.pausedAt = 'no'
    for (const resolve of this.pausing.splice(0)) resolve()
    if (wasPaused) await this.turn('paused', 'running')
    this.intake.resume()
  }

  async cancel(options: { readonly drain?: boolean } = {}): Promise<void> {
    this.end({ kind: 'cancel', why: 'cancelled' })
    if (!options.drain) this.abortAll(new RedriveError('RD-1502', { what: 'the batch was cancelled' }))
    await this.done
  }

  async interrupt(force = false): Promise<void> {
    this.end({ kind: 'interrupt', why: 'interrupted' })
    if (force) await this.leaveRunning()
    await this.done.catch(() => {})
  }

  // ---- an attempt ends

  private ended(attempt: Attempt, threw: boolean, value: unknown): void | Promise<void> {
    this.counts.total++
    if (attempt.attempt > 1) this.counts.retries++
    const unharmed = !threw && attempt.heldBy === undefined && attempt.throttled === undefined
    if (unharmed) {
      const settled = this.settler.succeeded(attempt, value)
      this.forget(attempt)
      this.settled(settled, attempt.position)
      return
    }
    return this.settleLater(attempt, threw, value)
  }

  private async settleLater(attempt: Attempt, threw: boolean, value: unknown): Promise<void> {
    const thrown = threw ? value : new Error('the handler went on although a dependency refused its call')
    // Cancelled or interrupted, and not by the item's fault.
    if (this.ending && attempt.aborted !== undefined && !attempt.timedOut) {
      const settled = await (this.ending.kind === 'cancel' ? this.settler.cancelled(attempt) : this.settler.interrupted(attempt, this.ending.why))
      return this.after(settled, attempt)
    }
    this.after(await this.settler.failed(attempt, thrown), attempt)
  }

  private after(settled: Settled, attempt: Attempt): void {
    if (settled.uncounted) {
      this.counts.notCounted++
      if (attempt.attempt > 1) this.counts.retries--
    }
    this.forget(attempt)
    if (settled.parked) this.park(settled.parked)
    this.settled(settled, attempt.position)
  }

  private forget(attempt: Attempt): void {
    if (attempt.attempt === 1 && attempt.generation === 1 && attempt.probeOf === undefined && !this.intake.rowOf(attempt)) return
    this.rowsRunning--
    this.intake.forget(attempt)
  }

  private park(item: Parameters<Parked['add']>[0]): void {
    this.parked.add(item)
    if (item.state !== 'held' || item.dependency === undefined) return
    const dependency = this.dependencies.get(item.dependency)
    if (item.orphan) return
    dependency?.held.push(item.position)
    // Held without a refusal: it used up its retries, and nobody was answered. Then the breaker says so too.
    if (dependency?.breaker?.phase === 'closed') dependency.open('items used up their retries, and it has answered nobody since')
  }

  /** Everything that follows from an item's change of state, whatever the path. */
  private settled(settled: Settled, position: number): void {
    const { from, to } = settled
    const { states } = this.counts
    states[to]++
    if (from === 'waiting' || from === 'held' || (from === 'running' && to !== 'running' && states.running > 0)) states[from]--
    if (to === 'running') this.rowsRunning++
    if (settled.recovered) this.counts.recovered++
    if (settled.group) countGroup(this.counts, settled.group)
    if (this.keys && to !== 'running') this.committer.afterCommit(() => this.keys!.durable(settled.key))
    if (this.events.read) this.events.emit({ type: 'item', position, key: settled.key, from, to })
    this.judge(settled, to)
    if (settled.stop) this.end({ kind: 'stop', why: settled.stop })
  }

  private judge(settled: Settled, to: Settled['to']): void {
    if (to === 'running' || to === 'waiting' || to === 'held' || to === 'pending') return
    const { classification } = settled
    const why = this.limits.note({ failed: to === 'quarantined', ...(classification && { type: classification.type, disposition: classification.disposition }) })
    if (why && this.options.operationId === undefined) this.end({ kind: 'stop', why })
  }

  private timedOut(attempt: Attempt): void {
    for (const dependency of this.dependencies.values()) dependency.timedOut(attempt)
  }

  private abandon(attempt: Attempt): void {
    this.abandoned++
    this.counts.total++
    this.notice('RD-ABANDONED', `item ${attempt.position} did not settle after its timeout and was left behind`, { position: attempt.position })
    const thrown = new AttemptTimeout('the attempt', this.options.job.timeoutMs)
    this.settler
      .failed(attempt, thrown)
      .then((settled) => this.after(settled, attempt))
      .then(() => {
        if (this.abandoned >= this.options.job.concurrency) {
          this.end({ kind: 'stop', why: `${this.abandoned} handlers never settled: run them in workers that can be killed (isolate)` })
        }
        this.idleSoon()
      }, (error: unknown) => this.broken(error))
  }

  // ---- beginning

  private async openDependencies(): Promise<void> {
    const { job, store, clock } = this.options
    const kept = await loadBreakers(store.cells, job.name)
    for (const checked of job.dependencies.values()) {
      const world = {
        clock, rules: job.rules,
        pauseClock: (attempt: Attempt) => this.slots!.pauseClock(attempt),
        onChange: (dependency: Dependency, change: { from: string; to: string; why: string }) => {
          this.notice('RD-BREAKER', `${dependency.name}: ${change.from} → ${change.to}: ${change.why}`, { dependency: dependency.name })
          void writeBreaker(store.cells, job.name, dependency, clock.wallMs()).catch((error: unknown) => this.broken(error))
          this.slots?.wake()
        },
      }
      this.dependencies.set(checked.name, createDependency(checked, world, kept.get(checked.name)))
    }
  }

  private dependency(name: string): Dependency {
    const dependency = this.dependencies.get(name)
    if (dependency) return dependency
    throw new RedriveError('RD-1105', { what: `ctx.call named '${name}', which job '${this.options.job.name}' does not declare` })
  }

  private async takeUp(): Promise<void> {
    const rows = await loadOpenRows(this.rowsWorld())
    for (const row of rows.parked) this.park(row)
    this.counts.total += rows.interrupted
    this.counts.notCounted += rows.interrupted
    this.counts.states.pending += rows.parked.filter((row) => row.state === 'pending').length
    if (rows.redrive.length > 0) this.intake.redrive(rows.redrive)
    await this.committer.flush()
  }

  private async openFeed(): Promise<void> {
    const { batch, source, store } = this.options
    if (batch.checkpoint.exhausted && batch.checkpoint.watermark >= batch.checkpoint.read) return
    const reader = await openSource({ source, batch, runs: store.runs })
    const limit = this.options.limit ?? batch.limit
    this.feed = createFeed({
      reader, cursor: this.kept, read: batch.checkpoint.read, known: (position) => this.positions.has(position),
      ...(limit !== undefined && { limit }), ...(batch.spooled && batch.checkpoint.read === 0 && { spoolTo: this.committer }),
      onReady: () => {
        this.slots?.wake()
        this.idleSoon()
      },
      onBroken: (error) => this.sourceBroke(error),
    })
  }

  private sourceBroke(error: RedriveError): void {
    this.end({ kind: 'stop', why: `${error.code}: ${error.what}` })
    this.slots?.wake()
    this.idleSoon()
  }

  private startDeadline(deadlineMs: number): void {
    this.after_(deadlineMs, () => {
      this.end({ kind: 'stop', why: `the deadline of ${formatDuration(deadlineMs)} has passed` })
      this.abortAll(new AttemptTimeout('the batch', deadlineMs))
    })
  }

  // ---- the beat

  private heartbeat(): void {
    this.after_(SIGNAL_MS, () => {
      this.beat()
        .then(() => this.heartbeat(), (error: unknown) => this.broken(error))
    })
  }

  private async beat(): Promise<void> {
    const { store, epoch, clock } = this.options
    if (clock.monotonicMs() - this.renewedMs >= RENEW_MS) {
      this.renewedMs = clock.monotonicMs()
      if (!(await store.runs.renew(this.id, epoch, clock.wallMs() + LEASE_MS))) {
        throw new RedriveError('RD-1402', { what: `the lease of batch ${this.id} was lost` })
      }
    }
    for (const signal of await store.runs.takeSignals(this.id, epoch)) await this.obey(signal)
  }

  private async obey(signal: Signal): Promise<void> {
    // Not awaited: they end when the batch does, and the beat must go on.
    if (signal.kind === 'pause') void this.pause()
    if (signal.kind === 'resume') await this.resume()
    if (signal.kind === 'cancel') void this.cancel().catch(() => {})
    if (signal.kind === 'drain') void this.cancel({ drain: true }).catch(() => {})
    if (signal.kind === 'redrive' && signal.detail !== undefined) await this.takeOperation(signal.detail)
  }

  private async takeOperation(operationId: string): Promise<void> {
    const rows = await loadOpenRows({ ...this.rowsWorld(), operationId })
    this.intake.redrive(rows.redrive)
  }

  private rowsWorld() {
    const { store, clock, operationId } = this.options
    return { runs: store.runs, clock, batchId: this.id, committer: this.committer, dependencies: this.dependencies, ...(operationId !== undefined && { operationId }) }
  }

  // ---- ending

  private end(ending: Ending): void {
    if (this.ending) return
    this.ending = ending
    this.intake.stop()
    void this.feed?.close().catch(() => {})
    this.idleSoon()
  }

  private idleSoon(): void {
    setImmediate(() => this.idle())
  }

  /** Called whenever no slot works; decides whether the run is over. */
  private idle(): void {
    if (this.concluding || !this.slots || this.slots.running > 0) return
    if (this.ending) return this.conclude(this.ending)
    if (this.pausedAt === 'soon') {
      this.pausedAt = 'yes'
      void this.turn('running', 'paused').then(() => {
        for (const resolve of this.pausing.splice(0)) resolve()
      }, (error: unknown) => this.broken(error))
      return
    }
    if (this.pausedAt === 'no' && this.intake.drained && !this.feedIsComing()) this.conclude({ kind: 'finish', why: 'every item has ended' })
  }

  private feedIsComing(): boolean {
    return this.feed !== undefined && !this.feed.done
  }

  private conclude(ending: Ending): void {
    this.concluding = true
    this.finish(ending).then((conclusion) => {
      this.shut()
      this.resolve(conclusion)
    }, (error: unknown) => this.broken(error))
  }

  private async finish(ending: Ending): Promise<Conclusion> {
    const { store, epoch, operationId } = this.options
    this.giveBackArmed()
    if (ending.kind === 'cancel' && operationId === undefined) this.cancelParked()
    await this.committer.flush()
    const conclusion = operationId === undefined ? await this.verdict(ending) : await this.verdictOfRedrive(ending)
    await store.runs.release(this.id, epoch)
    return conclusion
  }

  private async verdict(ending: Ending): Promise<Conclusion> {
    const endedAtMs = this.clock.wallMs()
    if (ending.kind === 'interrupt') return { state: this.state, interrupted: true }
    if (ending.kind === 'stop') {
      await this.turn(this.state, 'stopped', ending.why)
      return { state: 'stopped', interrupted: false, stopReason: ending.why }
    }
    if (ending.kind === 'cancel') {
      await this.turn(this.state, 'cancelled', ending.why, endedAtMs)
      return { state: 'cancelled', interrupted: false }
    }
    const counts = await this.options.store.runs.counts(this.id)
    const to = counts.quarantined > 0 ? 'completed_with_failures' : 'completed'
    await this.turn(this.state, to, undefined, endedAtMs)
    return { state: to, interrupted: false }
  }

  /** The batch keeps its state while its dead letters run again; its verdict is derived once more when they have ended. */
  private async verdictOfRedrive(ending: Ending): Promise<Conclusion> {
    const state = await this.options.store.runs.settle(this.id, this.clock.wallMs())
    return { state, interrupted: ending.kind === 'interrupt', ...(ending.kind === 'stop' && { stopReason: ending.why }) }
  }

  private async turn(from: KeptBatchState, to: KeptBatchState, why?: string, endedAtMs?: number): Promise<void> {
    await this.committer.flush({ from, to, ...(why !== undefined && { why }), ...(endedAtMs !== undefined && { endedAtMs }) })
    this.state = to
    this.events.emit({ type: 'batch', from, to, ...(why !== undefined && { why }) })
  }

  /** Rows whose start is recorded but that never began. */
  private giveBackArmed(): void {
    for (const attempt of this.intake.takeArmed()) {
      const row = this.intake.rowOf(attempt)
      if (!row) continue
      const { position, key, progress, operationId, dependency } = row
      this.committer.write({
        position, key, from: 'running', to: 'pending', progress,
        ...(operationId !== undefined && { operationId }), ...(dependency !== undefined && { dependency }),
      })
    }
  }

  private cancelParked(): void {
    for (const item of this.parked.all()) {
      const { position, key, progress, state } = item
      this.committer.write({ position, key, from: state, to: 'cancelled', progress })
      this.counts.states.cancelled++
    }
  }

  /** Second Ctrl-C: what runs is aborted; what doesn't end at once is recorded as interrupted and left. */
  private async leaveRunning(): Promise<void> {
    if (this.concluding) return
    this.abortAll(new RedriveError('RD-1502', { what: 'the batch was interrupted' }))
    await new Promise<void>((resolve) => this.after_(250, resolve))
    if (this.concluding) return
    for (const attempt of this.slots?.attempts() ?? []) {
      attempt.ended = true
      await this.settler.interrupted(attempt, 'interrupted')
    }
    this.conclude({ kind: 'interrupt', why: 'interrupted' })
  }

  private abortAll(reason: Error): void {
    for (const attempt of this.slots?.attempts() ?? []) attempt.abort(reason)
  }

  private broken(error: unknown): void {
    this.ending ??= { kind: 'interrupt', why: 'broken' }
    this.concluding = true
    this.intake?.stop()
    this.shut()
    this.abortAll(error instanceof Error ? error : new Error(String(error)))
    this.reject(error)
  }

  private shut(): void {
    runnerLives(this.options.runnerId, false)
    for (const cancel of this.timers) cancel()
    this.timers.clear()
    this.slots?.close()
    this.wheel.close()
    this.intake?.stop()
    void this.feed?.close().catch(() => {})
    void this.executor.close()
    this.events.end()
  }

  // ---- small things

  private checkpoint() {
    const cursor = this.feed ? this.feed.cursorAt(this.positions.watermark) : this.kept
    this.kept = cursor
    const { total, retries, notCounted, recovered } = this.counts
    return {
      read: this.read, cursor: JSON.stringify(cursor), exhausted: this.feed ? this.feed.done : this.options.batch.checkpoint.exhausted,
      tally: { total, retries, notCounted, recovered },
    }
  }

  private notice(code: string, message: string, more: { position?: number; dependency?: string } = {}): void {
    const event: Extract<BatchEvent, { type: 'notice' }> = { type: 'notice', code, message, ...more }
    this.committer.notice(event)
    this.events.emit(event)
  }

  private log(attempt: Attempt, level: LogLevel, message: string, fields: object | undefined): void {
    const line = `${level} ${message}${fields ? ` ${inOneLine(fields)}` : ''}`.slice(0, 1_000)
    attempt.keepLog(line)
    this.options.onLog?.(level, `${attempt.key} ${line}`)
  }

  private after_(delayMs: number, fn: () => void): void {
    const cancel = this.clock.setTimer(() => {
      this.timers.delete(cancel)
      fn()
    }, delayMs)
    this.timers.add(cancel)
  }
}

function inOneLine(fields: object): string {
  try {
    return JSON.stringify(fields)
  } catch {
    return '(fields that cannot be shown)'
  }
}
