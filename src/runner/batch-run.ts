import { type Attempt, AttemptTimeout, type AttemptWorld, createInlineExecutor, type Executor, type LogLevel } from '../attempt/executor.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { KeptBatchState } from '../model/batch.ts'
import type { Clock } from '../model/clock.ts'
import { formatDuration } from '../model/duration.ts'
import { itemStates } from '../model/item.ts'
import { createPositionMap, type PositionMap } from '../model/position-map.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { createRateLimiter } from '../policy/rate-limiter.ts'
import { createStopLimits } from '../policy/stop-limits.ts'
import type { Cursor, SourceAdapter } from '../source/source.ts'
import type { BatchRecord, Signal } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { startBeat } from './beat.ts'
import { type Committer, createCommitter } from './committer.ts'
import { openDependencies } from './dependencies.ts'
import type { Dependency } from './dependency.ts'
import { createEventStream } from './event-stream.ts'
import { createFeed, type Feed } from './feed.ts'
import { createIntake, type Intake } from './intake.ts'
import { createKeyGuard, type KeyGuard } from './key-guard.ts'
import { logLine } from './log-line.ts'
import { loadOpenRows } from './open-rows.ts'
import { openSource } from './open-source.ts'
import { createOutcomes, type Outcomes } from './outcomes.ts'
import { runnerLives } from './owner.ts'
import { createParked, type Parked } from './parked.ts'
import { createRows, type Rows, rowWrite } from './rows.ts'
import { createSettler, type Settler } from './settle.ts'
import { createShapeKept } from './shape-kept.ts'
import { createSlots, type Slots } from './slots.ts'
import { createLiveCounts, type LiveCounts } from './tally.ts'
import { createTimingWheel, type TimingWheel } from './timing-wheel.ts'
import { watchRejections } from './unhandled-rejections.ts'
import { type Ending, stateAfter } from './verdict.ts'

/** What an aborted handler is given to end, at the second Ctrl-C. */
const FORCED_GRACE_MS = 250

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

/** One run of a batch by this process: from the claimed lease to its release. */
export interface BatchRun {
  readonly id: string
  /** Rejects for redrive's own errors only. */
  readonly done: Promise<Conclusion>
  readonly events: ReturnType<typeof createEventStream>
  readonly counts: LiveCounts
  readonly dependencies: ReadonlyMap<string, Dependency>
  readonly read: number
  readonly running: number
  readonly paused: boolean
  /** How far reading is that is durable, and whether the source has no more. */
  readonly reach: { readonly cursor: Cursor; readonly exhausted: boolean }
  pause(): Promise<void>
  resume(): Promise<void>
  cancel(options?: { readonly drain?: boolean }): Promise<void>
  /** Nothing new starts; what runs may end; resumable. With `force` what runs is aborted and recorded as interrupted. */
  interrupt(force?: boolean): Promise<void>
}

/** Takes up what the ledger has open of a claimed batch, opens its source, and sets it going. */
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
  private readonly options: BatchRunOptions
  private readonly clock: Clock
  private readonly positions: PositionMap
  private readonly committer: Committer
  private readonly wheel: TimingWheel
  private readonly parked: Parked = createParked()
  private readonly settler: Settler
  private readonly executor: Executor
  private readonly keys: KeyGuard | undefined
  private readonly outcomes: Outcomes
  private live: ReadonlyMap<string, Dependency> = new Map()
  private rows!: Rows
  private intake!: Intake
  /** Made last: attempts start as soon as it is there. */
  private slots: Slots | undefined
  private feed: Feed | undefined
  private cursor: Cursor
  private state: KeptBatchState
  private ending: Ending | undefined
  private concluding = false
  private pausing: (() => void)[] = []
  private pausedAt: 'no' | 'soon' | 'yes' = 'no'
  private abandoned = 0
  private readonly letGo = new Set<() => void>()
  private resolve!: (conclusion: Conclusion) => void
  private reject!: (error: unknown) => void

  constructor(options: BatchRunOptions) {
    const { batch, job, clock, store, source, random } = options
    this.options = options
    this.clock = clock
    this.id = batch.id
    this.state = batch.state
    this.cursor = JSON.parse(batch.checkpoint.cursor || '{"position":0}') as Cursor
    this.positions = createPositionMap(batch.checkpoint.watermark, batch.checkpoint.map)
    this.counts = createLiveCounts(batch.checkpoint.tally)
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // Whoever never asks for `done` must not die of it.
    this.done.catch(() => {})
    this.wheel = createTimingWheel(clock)
    this.executor = createInlineExecutor(job.run)
    this.keys = job.duplicates === 'run' ? undefined : createKeyGuard(store.runs, batch.id)
    this.committer = createCommitter({
      runs: store.runs, batchId: batch.id, epoch: options.epoch, clock, positions: this.positions, each: job.each,
      checkpoint: () => this.checkpoint(), onBroken: (error) => this.broken(error),
    })
    this.settler = createSettler({
      job, source, committer: this.committer, clock, random, dependency: (name) => this.live.get(name), rowOf: (attempt) => this.rows.rowOf(attempt),
    })
    this.outcomes = createOutcomes({
      settler: this.settler, rows: () => this.rows, parked: this.parked, dependency: (name) => this.live.get(name), counts: this.counts,
      limits: createStopLimits(job.stopWhen), events: this.events, committer: this.committer, keys: this.keys,
      ending: () => this.ending && (this.ending.kind === 'cancel' ? 'cancel' : 'other'),
      stop: (why) => options.operationId === undefined && this.end({ kind: 'stop', why }),
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
  get dependencies(): ReadonlyMap<string, Dependency> {
    return this.live
  }

  get reach(): BatchRun['reach'] {
    return { cursor: this.kept, exhausted: this.feed ? this.feed.done : this.options.batch.checkpoint.exhausted }
  }

  async begin(): Promise<void> {
    runnerLives(this.options.runnerId, true)
    this.letGo.add(() => runnerLives(this.options.runnerId, false))
    try {
      await this.openDependencies()
      await this.countStates()
      this.makeIntake()
      await this.takeUp()
      if (this.options.operationId === undefined) await this.openFeed()
    } catch (error) {
      this.shut()
      throw error
    }
    this.letGo.add(startBeat({
      runs: this.options.store.runs, batchId: this.id, epoch: this.options.epoch, clock: this.clock,
      obey: (signal) => this.obey(signal), onBroken: (error) => this.broken(error),
    }))
    this.letGo.add(watchRejections((reason) => this.notice('RD-UNHANDLED', `a promise was rejected and nobody handled it: ${reason}`)))
    this.startDeadline()
    this.makeSlots()
  }

  // ---- what people may do

  async pause(): Promise<void> {
    if (this.ending || this.pausedAt === 'yes') return
    this.pausedAt = 'soon'
    this.intake.pause()
    const paused = new Promise<void>((resolve) => this.pausing.push(resolve))
    this.idleSoon()
    await Promise.race([paused, this.done])
  }

  async resume(): Promise<void> {
    if (this.pausedAt === 'no' || this.ending) return
    const wasPaused = this.pausedAt === 'yes'
    this.pausedAt = 'no'
    for (const resolve of this.pausing.splice(0)) resolve()
    if (wasPaused) await this.turn('running')
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

  // ---- beginning

  private async openDependencies(): Promise<void> {
    const { job, store } = this.options
    this.live = await openDependencies({
      job, cells: store.cells, clock: this.clock,
      pauseClock: (attempt) => this.slots!.pauseClock(attempt),
      onChange: (name, message) => {
        this.notice('RD-BREAKER', message, { dependency: name })
        this.rows.arm()
        this.slots?.wake()
      },
      onError: (error) => this.broken(error),
    })
  }

  private async countStates(): Promise<void> {
    const counts = await this.options.store.runs.counts(this.id)
    for (const state of itemStates) this.counts.states[state] = counts[state]
    // Counted again as they are taken up.
    for (const state of ['pending', 'running'] as const) this.counts.states[state] = 0
  }

  private makeIntake(): void {
    const { job, source, store, ratePerMs } = this.options
    const world: AttemptWorld = {
      jobName: job.name, batchId: this.id, clock: this.clock,
      call: (attempt, name, fn, fallback) => this.dependency(name).call(attempt, fn, fallback),
      log: (attempt, level, message, fields) => {
        const line = logLine(level, message, fields)
        attempt.keepLog(line)
        this.options.onLog?.(level, `${attempt.key} ${line}`)
      },
    }
    const shared = { world, clock: this.clock, committer: this.committer, parked: this.parked, wake: () => this.slots?.wake() }
    const onSettled: Outcomes['settled'] = (settled, position) => this.outcomes.settled(settled, position)
    let starts = 0
    this.rows = createRows({
      ...shared, runs: store.runs, batchId: this.id, concurrency: job.concurrency, dependencies: this.live, onSettled,
      shapeKept: createShapeKept(source, () => this.cursor.state), onError: (error) => this.broken(error),
      redrivesWait: () => this.feed?.ready === true && starts++ % 8 !== 0,
    })
    this.intake = createIntake({
      ...shared, job, source, settler: this.settler, rows: this.rows, feed: () => this.feed, keys: this.keys, onSettled,
      limiter: ratePerMs === undefined ? undefined : createRateLimiter(ratePerMs),
      span: () => this.positions.end - this.positions.watermark, onNotice: (code, message) => this.notice(code, message),
    })
  }

  private makeSlots(): void {
    const { job } = this.options
    this.slots = createSlots({
      count: job.concurrency, timeoutMs: job.timeoutMs, intake: this.intake, executor: this.executor, wheel: this.wheel, clock: this.clock,
      each: job.each ? () => this.committer.flush() : undefined,
      onEnd: (attempt, threw, value) => this.outcomes.ended(attempt, threw, value),
      onTimeout: (attempt) => {
        for (const dependency of this.live.values()) dependency.timedOut(attempt)
      },
      onAbandon: (attempt) => void this.abandon(attempt).catch((error: unknown) => this.broken(error)),
      onIdle: () => this.idle(), onError: (error) => this.broken(error),
    })
  }

  private dependency(name: string): Dependency {
    const dependency = this.live.get(name)
    if (dependency) return dependency
    throw new RedriveError('RD-1105', { what: `ctx.call named '${name}', which job '${this.options.job.name}' does not declare` })
  }

  private async takeUp(): Promise<void> {
    const open = await loadOpenRows(this.rowsWorld(this.options.operationId))
    for (const row of open.parked) this.outcomes.park(row)
    this.counts.states.pending += open.redrive.length + open.parked.filter((row) => row.state === 'pending').length
    this.counts.total += open.interrupted
    this.counts.notCounted += open.interrupted
    this.rows.redrive(open.redrive)
    await this.committer.flush()
  }

  private rowsWorld(operationId: string | undefined) {
    const { store } = this.options
    return {
      runs: store.runs, clock: this.clock, batchId: this.id, committer: this.committer, dependencies: this.live,
      ...(operationId !== undefined && { operationId }),
    }
  }

  private async openFeed(): Promise<void> {
    const { batch, source, store } = this.options
    const { checkpoint } = batch
    if (checkpoint.exhausted && checkpoint.watermark >= checkpoint.read) return
    const limit = this.options.limit ?? batch.limit
    this.feed = createFeed({
      reader: await openSource({ source, batch, runs: store.runs }), cursor: this.cursor, read: checkpoint.read,
      known: (position) => this.positions.has(position),
      ...(limit !== undefined && { limit }), ...(batch.spooled && checkpoint.read === 0 && { spoolTo: this.committer }),
      onReady: () => {
        this.slots?.wake()
        this.idleSoon()
      },
      onBroken: (error) => this.end({ kind: 'stop', why: `${error.code}: ${error.what}` }),
    })
    this.letGo.add(() => void this.feed?.close().catch(() => {}))
  }

  private startDeadline(): void {
    const { deadlineMs } = this.options.job
    if (deadlineMs === undefined || this.options.operationId !== undefined) return
    this.letGo.add(this.clock.setTimer(() => {
      this.end({ kind: 'stop', why: `the deadline of ${formatDuration(deadlineMs)} has passed` })
      this.abortAll(new AttemptTimeout('the batch', deadlineMs))
    }, deadlineMs))
  }

  // ---- going on

  private async obey(signal: Signal): Promise<void> {
    // Pause and cancel aren't awaited: they end when the handlers do, and the beat must go on.
    if (signal.kind === 'pause') void this.pause().catch(() => {})
    if (signal.kind === 'resume') await this.resume()
    if (signal.kind === 'cancel') void this.cancel().catch(() => {})
    if (signal.kind === 'drain') void this.cancel({ drain: true }).catch(() => {})
    if (signal.kind === 'redrive' && signal.detail !== undefined) {
      const open = await loadOpenRows(this.rowsWorld(signal.detail))
      this.counts.states.pending += open.redrive.length
      this.rows.redrive(open.redrive)
    }
  }

  private async abandon(attempt: Attempt): Promise<void> {
    this.abandoned++
    const { concurrency, timeoutMs } = this.options.job
    this.notice('RD-ABANDONED', `item ${attempt.position} did not settle after its timeout and was left behind`, { position: attempt.position })
    await this.outcomes.failed(attempt, new AttemptTimeout('the attempt', timeoutMs))
    if (this.abandoned >= concurrency) {
      this.end({ kind: 'stop', why: `${this.abandoned} handlers never settled: run them in workers that can be killed (isolate)` })
    }
    this.idleSoon()
  }

  private idleSoon(): void {
    setImmediate(() => this.idle())
  }

  /** Called whenever no slot works; decides whether the run is over. */
  private idle(): void {
    if (this.concluding || !this.slots || this.slots.running > 0) return
    if (this.ending) return this.conclude(this.ending)
    if (this.pausedAt === 'soon') return this.standStill()
    if (this.pausedAt === 'no' && this.intake.drained) this.conclude({ kind: 'finish', why: 'every item has ended' })
  }

  private standStill(): void {
    this.pausedAt = 'yes'
    this.turn('paused').then(
      () => {
        for (const resolve of this.pausing.splice(0)) resolve()
      },
      (error: unknown) => this.broken(error),
    )
  }

  // ---- ending

  private end(ending: Ending): void {
    if (this.ending) return
    this.ending = ending
    this.intake.stop()
    void this.feed?.close().catch(() => {})
    this.idleSoon()
  }

  private conclude(ending: Ending): void {
    this.concluding = true
    this.finish(ending).then(
      (conclusion) => {
        this.shut()
        this.resolve(conclusion)
      },
      (error: unknown) => this.broken(error),
    )
  }

  private async finish(ending: Ending): Promise<Conclusion> {
    const { store, epoch, operationId } = this.options
    this.giveBackArmed()
    if (ending.kind === 'cancel' && operationId === undefined) await this.cancelOpen()
    await this.committer.flush()
    const conclusion = operationId === undefined ? await this.verdict(ending) : await this.verdictOfRedrive(ending)
    await store.runs.release(this.id, epoch)
    return conclusion
  }

  private async verdict(ending: Ending): Promise<Conclusion> {
    const to = stateAfter(ending, await this.options.store.runs.counts(this.id))
    if (to === undefined) return { state: this.state, interrupted: true }
    if (to === 'stopped') await this.turn(to, ending.why)
    else await this.turn(to, ending.kind === 'cancel' ? ending.why : undefined, this.clock.wallMs())
    return { state: to, interrupted: false, ...(to === 'stopped' && { stopReason: ending.why }) }
  }

  /** The batch keeps its state while its dead letters run again; its verdict is derived once more when they have ended. */
  private async verdictOfRedrive(ending: Ending): Promise<Conclusion> {
    const state = await this.options.store.runs.settle(this.id, this.clock.wallMs())
    return { state, interrupted: ending.kind === 'interrupt' }
  }

  private async turn(to: KeptBatchState, why?: string, endedAtMs?: number): Promise<void> {
    const from = this.state
    await this.committer.flush({ from, to, ...(why !== undefined && { why }), ...(endedAtMs !== undefined && { endedAtMs }) })
    this.state = to
    this.events.emit({ type: 'batch', from, to, ...(why !== undefined && { why }) })
  }

  /** Rows whose start is recorded but that never began. */
  private giveBackArmed(): void {
    for (const attempt of this.rows.takeArmed()) {
      const row = this.rows.rowOf(attempt)
      if (row) this.committer.write({ ...rowWrite(row), from: 'running', to: 'pending' })
    }
  }

  private async cancelOpen(): Promise<void> {
    for (const item of this.parked.all()) {
      this.committer.write({ ...rowWrite(item), from: item.state, to: 'cancelled' })
      this.counts.states.cancelled++
      if (this.committer.full) await this.committer.flush()
    }
  }

  /** Second Ctrl-C: what runs is aborted; what doesn't end at once is recorded as interrupted and left. */
  private async leaveRunning(): Promise<void> {
    if (this.concluding) return
    this.abortAll(new RedriveError('RD-1502', { what: 'the batch was interrupted' }))
    await new Promise<void>((resolve) => this.letGo.add(this.clock.setTimer(resolve, FORCED_GRACE_MS)))
    if (this.concluding) return
    for (const attempt of this.slots?.attempts() ?? []) {
      attempt.ended = true
      await this.settler.interrupted(attempt, 'interrupted: the attempt does not count')
    }
    this.conclude({ kind: 'interrupt', why: 'interrupted' })
  }

  private abortAll(reason: Error): void {
    for (const attempt of this.slots?.attempts() ?? []) attempt.abort(reason)
  }

  /** A store that fails, a lost lease, a bug: nothing is acknowledged any more, and `done` rejects. */
  private broken(error: unknown): void {
    this.ending ??= { kind: 'interrupt', why: 'broken' }
    this.concluding = true
    this.abortAll(error instanceof Error ? error : new Error(String(error)))
    this.shut()
    this.reject(error)
  }

  private shut(): void {
    this.intake?.stop()
    for (const release of this.letGo) release()
    this.letGo.clear()
    this.slots?.close()
    this.wheel.close()
    void this.executor.close()
    this.events.end()
  }

  private checkpoint() {
    if (this.feed) this.cursor = this.feed.cursorAt(this.positions.watermark)
    const { total, retries, notCounted, recovered } = this.counts
    return {
      read: this.read, cursor: JSON.stringify(this.cursor), exhausted: this.feed ? this.feed.done : this.options.batch.checkpoint.exhausted,
      tally: { total, retries, notCounted, recovered },
    }
  }

  private notice(code: string, message: string, more: { position?: number; dependency?: string } = {}): void {
    const event = { type: 'notice' as const, code, message, ...more }
    this.committer.notice(event)
    this.events.emit(event)
  }
}
