import type { AttemptWorld } from '../attempt/attempt.ts'
import { type Attempt, createAttempt } from '../attempt/attempt.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { Clock } from '../model/clock.ts'
import type { RateLimiter } from '../policy/rate-limiter.ts'
import type { Entry, Shaped, SourceAdapter } from '../source/source.ts'
import type { Committer } from './committer.ts'
import type { Feed } from './feed.ts'
import type { KeyGuard } from './key-guard.ts'
import type { Parked } from './parked.ts'
import type { Rows } from './rows.ts'
import type { Settled } from './settled.ts'
import type { Unrun } from './unrun.ts'

/** The source isn't read further than this ahead of the watermark: the map in each checkpoint stays small. */
const SPAN_LIMIT = 65_536

export interface IntakeOptions {
  readonly job: CheckedJob
  readonly source: SourceAdapter
  readonly world: AttemptWorld
  readonly clock: Clock
  readonly committer: Committer
  readonly unrun: Unrun
  readonly parked: Parked
  readonly rows: Rows
  readonly feed: () => Feed | undefined
  readonly keys: KeyGuard | undefined
  readonly limiter: RateLimiter | undefined
  /** Distance from the watermark to the highest known position. */
  readonly span: () => number
  /** An item ended without running. */
  readonly onSettled: (settled: Settled, position: number) => void
  /** Something may be there for idle slots. */
  readonly wake: () => void
  readonly onNotice: (code: string, message: string) => void
}

/** The one owner of schedule and admission: what runs next, and whether anything may. Due before released before source before redrive. */
export interface Intake {
  /** The next attempt, undefined if none may start now: `wake` is called when that changes. */
  next(): Attempt | undefined | Promise<Attempt | undefined>
  /** Nothing is left to run, nor will anything come by itself. */
  readonly drained: boolean
  /** No attempt starts any more; nor is anything taken from the source. */
  stop(): void
  pause(): void
  resume(): void
}

export function createIntake(options: IntakeOptions): Intake {
  return new LiveIntake(options)
}

class LiveIntake implements Intake {
  private readonly options: IntakeOptions
  private stopped = false
  private paused = false
  private awaitingRoom = false
  /** Entries whose shape takes time. */
  private shaping = 0
  private saidFull = false
  private cancelTimer: (() => void) | undefined

  constructor(options: IntakeOptions) {
    this.options = options
  }

  next(): Attempt | undefined | Promise<Attempt | undefined> {
    if (this.stopped || this.paused) return undefined
    if (this.options.committer.full) return this.awaitRoom()
    const ready = this.options.rows.take()
    if (ready) return ready
    this.options.rows.arm()
    return this.fromSource()
  }

  get drained(): boolean {
    const feed = this.options.feed()
    return (feed === undefined || feed.done) && this.shaping === 0 && this.options.rows.empty
  }

  stop(): void {
    this.stopped = true
    this.cancelTimer?.()
    this.options.rows.stop()
  }
  pause(): void {
    this.paused = true
    this.options.rows.pause(true)
  }
  resume(): void {
    this.paused = false
    this.options.rows.pause(false)
    this.options.wake()
  }

  private fromSource(): Attempt | undefined | Promise<Attempt | undefined> {
    const feed = this.options.feed()
    if (!feed || !this.mayRead()) return undefined
    for (;;) {
      if (this.options.limiter && !this.withinRate(feed)) return undefined
      const entry = feed.take()
      if (!entry) return undefined
      const attempt = this.fromEntry(entry)
      if (attempt !== null) return attempt
      if (this.stopped || this.options.committer.full) return this.awaitRoom()
    }
  }

  private mayRead(): boolean {
    const { parked, job } = this.options
    if (parked.waiting + parked.held >= job.parked) {
      if (!this.saidFull)
        this.options.onNotice(
          'RD-PARKED',
          `${job.parked} items wait or are held: the source is not read until some have ended`,
        )
      this.saidFull = true
      return false
    }
    // Who is throttled already would only be joined by more of the same.
    if (parked.throttled >= job.concurrency * 4) return false
    return this.options.span() < SPAN_LIMIT
  }

  private withinRate(feed: Feed): boolean {
    const { limiter, clock } = this.options
    if (!feed.ready || !limiter) return true
    const waitMs = limiter.take(clock.monotonicMs())
    if (waitMs <= 0) return true
    limiter.giveBack()
    this.cancelTimer?.()
    this.cancelTimer = clock.setTimer(() => this.options.wake(), Math.ceil(waitMs))
    return false
  }

  /** Null when the entry ended without running. */
  private fromEntry(entry: Entry): Attempt | null | Promise<Attempt | undefined> {
    const { source, unrun } = this.options
    if (entry.unreadable) {
      this.options.onSettled(unrun.unreadable(entry), entry.position)
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
    this.options.onSettled(await this.options.unrun.refused(entry, shaped.refused, shaped.key), entry.position)
    return null
  }

  private async unlessDuplicate(entry: Entry, item: unknown, key: string): Promise<Attempt | null> {
    const of = await this.options.keys!.claim(key, entry.position)
    if (of === undefined) return this.first(entry, item, key)
    this.options.onSettled(await this.options.unrun.duplicate(entry, key, of), entry.position)
    return null
  }

  /** An entry whose shape takes time: it counts as work under way until it is an attempt, or has ended. */
  private async later(promised: Promise<Attempt | null>): Promise<Attempt | undefined> {
    this.shaping++
    try {
      const attempt = await promised
      // Taken and not known: whoever resumes reads it again.
      if (this.stopped) return undefined
      if (attempt !== null) return attempt
    } finally {
      this.shaping--
    }
    return this.next()
  }

  private first(entry: Entry, item: unknown, key: string | undefined): Attempt {
    return createAttempt(this.options.world, {
      position: entry.position,
      key,
      item,
      payload: entry.payload,
      attempt: 1,
      generation: 1,
    })
  }

  private awaitRoom(): undefined {
    if (this.awaitingRoom || this.stopped) return undefined
    this.awaitingRoom = true
    void this.options.committer.room().then(() => {
      this.awaitingRoom = false
      this.options.wake()
    })
    return undefined
  }
}
