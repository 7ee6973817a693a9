import type { Attempt } from '../attempt/attempt.ts'
import type { Executor } from '../attempt/executor.ts'
import { createInlineExecutor } from '../attempt/inline-executor.ts'
import { AttemptTimeout } from '../attempt/verdicts.ts'
import type { KeptBatchState } from '../model/batch.ts'
import type { Clock } from '../model/clock.ts'
import { formatDuration } from '../model/duration.ts'
import { itemStates } from '../model/item.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Cursor } from '../source/source.ts'
import type { Signal } from '../store/runs.ts'
import { startBeat } from './beat.ts'
import { type ClosingBatch, closeBatch } from './close-batch.ts'
import { openDependencies } from './dependencies.ts'
import type { Dependency } from './dependency.ts'
import type { EventStream } from './event-stream.ts'
import type { Feed } from './feed.ts'
import type { Intake } from './intake.ts'
import { makeIntake } from './make-intake.ts'
import { openFeed } from './open-feed.ts'
import { runnerLives } from './owner.ts'
import { createPauseGate } from './pause-gate.ts'
import type { Rows } from './rows.ts'
import type { BatchRun, BatchRunOptions, Conclusion } from './run.ts'
import { createRunCore, type RunCore } from './run-core.ts'
import { createSlots, type Slots } from './slots.ts'
import { takeUp } from './take-up.ts'
import type { LiveCounts } from './tally.ts'
import { createTimingWheel, type TimingWheel } from './timing-wheel.ts'
import { watchRejections } from './unhandled-rejections.ts'
import type { Ending } from './verdict.ts'

/** What an aborted handler is given to end, at the second Ctrl-C. */
const FORCED_GRACE_MS = 250

/** Takes up what the ledger has open of a claimed batch, opens its source, and sets it going. */
export async function startBatchRun(options: BatchRunOptions): Promise<BatchRun> {
  const run = new LiveRun(options)
  await run.begin()
  return run
}

class LiveRun implements BatchRun {
  readonly id: string
  readonly done: Promise<Conclusion>
  private readonly options: BatchRunOptions
  private readonly clock: Clock
  private readonly core: RunCore
  private readonly wheel: TimingWheel
  private readonly executor: Executor
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
  private readonly gate = createPauseGate()
  private abandoned = 0
  private readonly letGo = new Set<() => void>()
  private resolve!: (conclusion: Conclusion) => void
  private reject!: (error: unknown) => void

  constructor(options: BatchRunOptions) {
    const { batch, job, clock } = options
    this.options = options
    this.clock = clock
    this.id = batch.id
    this.state = batch.state
    this.cursor = JSON.parse(batch.checkpoint.cursor || '{"position":0}') as Cursor
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // Whoever never asks for `done` must not die of it.
    this.done.catch(() => {})
    this.wheel = createTimingWheel(clock)
    this.executor = createInlineExecutor(job.run)
    this.core = createRunCore({
      options,
      rows: () => this.rows,
      dependency: (name) => this.live.get(name),
      checkpoint: () => this.checkpoint(),
      ending: () => this.ending,
      stop: (why) => options.operationId === undefined && this.end({ kind: 'stop', why }),
      onBroken: (error) => this.broken(error),
    })
  }

  get events(): EventStream {
    return this.core.events
  }
  get counts(): LiveCounts {
    return this.core.counts
  }
  get read(): number {
    return this.feed?.read ?? this.options.batch.checkpoint.read
  }
  get reach(): BatchRun['reach'] {
    return { cursor: this.cursor, exhausted: this.feed ? this.feed.done : this.options.batch.checkpoint.exhausted }
  }
  get running(): number {
    return this.slots?.running ?? 0
  }
  get paused(): boolean {
    return this.gate.at !== 'going'
  }
  get dependencies(): ReadonlyMap<string, Dependency> {
    return this.live
  }

  async begin(): Promise<void> {
    const { runnerId } = this.options
    runnerLives(runnerId, true)
    this.letGo.add(() => runnerLives(runnerId, false))
    try {
      await this.openDependencies()
      await this.countStates()
      this.openIntake()
      await this.takeUp(this.options.operationId)
      if (this.options.operationId === undefined) await this.openFeed()
    } catch (error) {
      this.shut()
      throw error
    }
    this.letGo.add(
      startBeat({
        runs: this.options.store.runs,
        batchId: this.id,
        epoch: this.options.epoch,
        clock: this.clock,
        obey: (signal) => this.obey(signal),
        onBroken: (error) => this.broken(error),
      }),
    )
    const unhandled = 'a promise was rejected and nobody handled it'
    this.letGo.add(watchRejections((reason) => this.notice('RD-UNHANDLED', `${unhandled}: ${reason}`)))
    this.startDeadline()
    this.makeSlots()
  }

  async pause(): Promise<void> {
    if (this.ending) return
    this.intake.pause()
    const asked = this.gate.ask()
    this.idleSoon()
    await Promise.race([asked, this.done])
  }

  async resume(): Promise<void> {
    if (this.gate.at === 'going' || this.ending) return
    if (this.gate.goOn()) await this.turn('running')
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

  private async openDependencies(): Promise<void> {
    const { job, store } = this.options
    this.live = await openDependencies({
      job,
      cells: store.cells,
      clock: this.clock,
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

  private openIntake(): void {
    const { options, core } = this
    const { committer, parked, judge, keys, outcomes, positions } = core
    const made = makeIntake({
      ...{ options, committer, parked, judge, keys, outcomes },
      dependencies: this.live,
      dependency: (name) => this.dependency(name),
      feed: () => this.feed,
      rawState: () => this.cursor.state,
      span: () => positions.end - positions.watermark,
      wake: () => this.slots?.wake(),
      onError: (error) => this.broken(error),
      onNotice: (code, message) => this.notice(code, message),
    })
    this.rows = made.rows
    this.intake = made.intake
  }

  private makeSlots(): void {
    const { job } = this.options
    this.slots = createSlots({
      count: job.concurrency,
      timeoutMs: job.timeoutMs,
      intake: this.intake,
      executor: this.executor,
      wheel: this.wheel,
      clock: this.clock,
      each: job.each ? () => new Promise((resolve) => this.core.committer.afterCommit(resolve)) : undefined,
      onEnd: (attempt, threw, value) => this.core.outcomes.ended(attempt, threw, value),
      onTimeout: (attempt) => {
        for (const dependency of this.live.values()) dependency.timedOut(attempt)
      },
      onAbandon: (attempt) => void this.abandon(attempt).catch((error: unknown) => this.broken(error)),
      onIdle: () => this.idle(),
      onError: (error) => this.broken(error),
    })
  }

  private dependency(name: string): Dependency {
    const dependency = this.live.get(name)
    if (dependency) return dependency
    throw new RedriveError('RD-1105', {
      what: `ctx.call named '${name}', which job '${this.options.job.name}' does not declare`,
    })
  }

  private takeUp(operationId: string | undefined): Promise<void> {
    const { options, core, rows } = this
    return takeUp({ options, core, rows, dependencies: this.live }, operationId)
  }

  private async openFeed(): Promise<void> {
    const { options, cursor } = this
    const { positions, committer } = this.core
    const onReady = () => {
      this.slots?.wake()
      this.idleSoon()
    }
    const onBroken = (error: RedriveError) => this.end({ kind: 'stop', why: `${error.code}: ${error.what}` })
    this.feed = await openFeed({ options, cursor, positions, committer, onReady, onBroken })
    this.letGo.add(() => void this.feed?.close().catch(() => {}))
  }

  private startDeadline(): void {
    const { deadlineMs } = this.options.job
    if (deadlineMs === undefined || this.options.operationId !== undefined) return
    this.letGo.add(
      this.clock.setTimer(() => {
        this.end({ kind: 'stop', why: `the deadline of ${formatDuration(deadlineMs)} has passed` })
        this.abortAll(new AttemptTimeout('the batch', deadlineMs))
      }, deadlineMs),
    )
  }

  private async obey(signal: Signal): Promise<void> {
    // Pause and cancel aren't awaited: they end when the handlers do, and the beat must go on.
    if (signal.kind === 'pause') void this.pause().catch(() => {})
    if (signal.kind === 'resume') await this.resume()
    if (signal.kind === 'cancel') void this.cancel().catch(() => {})
    if (signal.kind === 'drain') void this.cancel({ drain: true }).catch(() => {})
    if (signal.kind === 'redrive') await this.takeUp(signal.detail)
  }

  private async abandon(attempt: Attempt): Promise<void> {
    this.abandoned++
    const { concurrency, timeoutMs } = this.options.job
    const { position } = attempt
    this.notice('RD-ABANDONED', `item ${position} did not settle after its timeout and was left behind`, { position })
    await this.core.outcomes.failed(attempt, new AttemptTimeout('the attempt', timeoutMs))
    if (this.abandoned >= concurrency) {
      this.end({
        kind: 'stop',
        why: `${this.abandoned} handlers never settled: run them in workers that can be killed (isolate)`,
      })
    }
    this.idleSoon()
  }

  private idleSoon(): void {
    setImmediate(() => this.idle())
  }

  /** Called whenever no slot works; decides whether the run is over. */
  private idle(): void {
    if (this.concluding || !this.slots || this.slots.running > 0) return
    if (this.ending) this.conclude(this.ending)
    else if (this.gate.at === 'soon') this.standStill()
    else if (this.gate.at === 'going' && this.intake.drained)
      this.conclude({ kind: 'finish', why: 'every item has ended' })
  }

  private standStill(): void {
    this.gate.stand()
    this.turn('paused').then(this.gate.settle, (error: unknown) => this.broken(error))
  }

  private end(ending: Ending): void {
    if (this.ending) return
    this.ending = ending
    this.intake.stop()
    void this.feed?.close().catch(() => {})
    this.idleSoon()
  }

  private conclude(ending: Ending): void {
    this.concluding = true
    closeBatch(ending, this.closing()).then(
      (conclusion) => {
        this.shut()
        this.resolve(conclusion)
      },
      (error: unknown) => this.broken(error),
    )
  }

  private closing(): ClosingBatch {
    const { options, rows } = this
    const { parked, committer, counts } = this.core
    const turn: ClosingBatch['turn'] = (to, why, endedAtMs) => this.turn(to, why, endedAtMs)
    return { options, rows, parked, committer, counts, state: () => this.state, turn }
  }

  private async turn(to: KeptBatchState, why?: string, endedAtMs?: number): Promise<void> {
    const from = this.state
    await this.core.committer.flush({
      from,
      to,
      ...(why !== undefined && { why }),
      ...(endedAtMs !== undefined && { endedAtMs }),
    })
    this.state = to
    this.events.emit({ type: 'batch', from, to, ...(why !== undefined && { why }) })
  }

  /** Second Ctrl-C: what runs is aborted; what doesn't end at once is recorded as interrupted and left. */
  private async leaveRunning(): Promise<void> {
    if (this.concluding) return
    this.abortAll(new RedriveError('RD-1502', { what: 'the batch was interrupted' }))
    await new Promise<void>((resolve) => this.clock.setTimer(resolve, FORCED_GRACE_MS))
    if (this.concluding) return
    for (const attempt of this.slots?.attempts() ?? []) {
      attempt.ended = true
      this.core.settler.interrupted(attempt, 'interrupted: the attempt does not count')
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
    if (this.feed) this.cursor = this.feed.cursorAt(this.core.positions.watermark)
    const { total, retries, notCounted, recovered } = this.counts
    return {
      read: this.read,
      cursor: JSON.stringify(this.cursor),
      exhausted: this.reach.exhausted,
      tally: { total, retries, notCounted, recovered },
    }
  }

  private notice(code: string, message: string, more: { position?: number; dependency?: string } = {}): void {
    const event = { type: 'notice' as const, code, message, ...more }
    this.core.committer.notice(event)
    this.events.emit(event)
  }
}
