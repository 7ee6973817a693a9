import type { Attempt } from '../attempt/attempt.ts'
import { AttemptTimeout, Held, Throttled } from '../attempt/verdicts.ts'
import { capture } from '../classify/capture.ts'
import { classifyFailure } from '../classify/classify-failure.ts'
import type { CheckedDependency } from '../job/checked-job.ts'
import type { Classification } from '../model/classification.ts'
import type { Clock } from '../model/clock.ts'
import type { CapturedFailure } from '../model/failure.ts'
import type { Rule } from '../model/rule.ts'
import {
  type Breaker,
  type BreakerChange,
  type BreakerSnapshot,
  countsForBreaker,
  createBreaker,
} from '../policy/breaker.ts'
import { createHoldQueue, type HoldQueue } from '../policy/hold.ts'
import { createRateLimiter, type RateLimiter } from '../policy/rate-limiter.ts'
import { createLine, type Line } from './line.ts'

/** A call may stand in line so long before its attempt ends as throttled. */
export const LINE_LIMIT_MS = 1_000

/** What a dependency asks of the batch that it serves. */
export interface DependencyWorld {
  readonly clock: Clock
  readonly rules: readonly Rule[]
  /** Stops the attempt's clock while it stands in line; answers what lets it go on. */
  pauseClock(attempt: Attempt): () => void
  /** The breaker changed: write its cell, tell people, wake the intake. */
  onChange(dependency: Dependency, change: BreakerChange): void
}

/** A call under way. Settled once: by its end, or by the attempt's timeout. */
interface Call {
  readonly epoch: number
  readonly probe: boolean
  readonly startedMs: number
  settled: boolean
}

/** One dependency of a running batch: its breaker, limits, line, and the items held for it. */
export interface Dependency {
  readonly name: string
  readonly breaker: Breaker | undefined
  readonly held: HoldQueue
  readonly inFlight: number
  call(
    attempt: Attempt,
    fn: (call: { readonly signal: AbortSignal }) => unknown,
    fallback: (() => unknown) | undefined,
  ): Promise<unknown>
  /** The attempt ran out of time: its calls count as failed, their slots are free. */
  timedOut(attempt: Attempt): void
  /** What the decision about a failed item must know (B7). */
  facts(
    position: number,
    firstFailedMs: number | undefined,
  ): {
    readonly name: string
    readonly open: boolean
    readonly answeredSince: boolean
    readonly othersFailed: number
    readonly onlyCaller: boolean
  }
  /** Opens the breaker, since items used up their retries there and it answered nobody. */
  open(why: string): void
  snapshot(): BreakerSnapshot | undefined
}

export function createDependency(
  checked: CheckedDependency,
  world: DependencyWorld,
  kept?: BreakerSnapshot,
): Dependency {
  return new LiveDependency(checked, world, kept)
}

/** Items remembered for B7, at most: two others are enough. */
const REMEMBERED = 4

class LiveDependency implements Dependency {
  readonly name: string
  readonly breaker: Breaker | undefined
  readonly held: HoldQueue = createHoldQueue()
  inFlight = 0
  /** Let out of the line, not yet begun: their room is taken. */
  private granted = 0
  private readonly clock: Clock
  private readonly world: DependencyWorld
  private readonly timeoutMs: number | undefined
  private readonly limiter: RateLimiter | undefined
  private readonly line: Line
  private readonly concurrency: number
  private readonly calls = new Map<Attempt, Call[]>()
  private lastAnswerMs = Number.NEGATIVE_INFINITY
  private readonly failedSince = new Set<number>()
  private readonly callersSince = new Set<number>()

  constructor(checked: CheckedDependency, world: DependencyWorld, kept: BreakerSnapshot | undefined) {
    this.name = checked.name
    this.world = world
    this.clock = world.clock
    this.timeoutMs = checked.timeoutMs
    this.concurrency = checked.concurrency ?? Number.POSITIVE_INFINITY
    this.limiter = checked.ratePerMs === undefined ? undefined : createRateLimiter(checked.ratePerMs)
    this.line = createLine(world.clock, LINE_LIMIT_MS)
    const from = kept && { snapshot: kept, nowWallMs: world.clock.wallMs(), nowMs: world.clock.monotonicMs() }
    this.breaker = checked.breaker === false ? undefined : createBreaker(checked.breaker, from)
  }

  async call(
    attempt: Attempt,
    fn: (call: { readonly signal: AbortSignal }) => unknown,
    fallback: (() => unknown) | undefined,
  ): Promise<unknown> {
    let nowMs = this.clock.monotonicMs()
    if ((this.limiter || this.inFlight + this.granted >= this.room(nowMs)) && !this.refusesNow(attempt)) {
      if (await this.standInLine(attempt, nowMs)) this.granted--
      nowMs = this.clock.monotonicMs()
    }
    const admitted = this.admit(attempt, nowMs)
    if (admitted === 'refuse') {
      if (fallback) return fallback()
      attempt.heldBy = this.name
      throw new Held(this.name)
    }
    const call = this.begin(attempt, admitted === 'probe', nowMs)
    let answer: unknown
    try {
      answer = await (this.timeoutMs === undefined ? fn(attempt) : this.withTimeout(attempt, fn, this.timeoutMs))
    } catch (thrown) {
      this.failed(attempt, call, thrown)
      throw thrown
    }
    this.answered(attempt, call)
    return answer
  }

  timedOut(attempt: Attempt): void {
    const calls = this.calls.get(attempt)
    if (!calls) return
    for (const call of [...calls]) {
      this.settle(attempt, call, 'failure')
      this.laidTo(attempt)
    }
  }

  facts(position: number, firstFailedMs: number | undefined) {
    const others = this.failedSince.size - (this.failedSince.has(position) ? 1 : 0)
    const callers = this.callersSince.size - (this.callersSince.has(position) ? 1 : 0)
    return {
      name: this.name,
      open: this.breaker !== undefined && this.breaker.phase !== 'closed',
      answeredSince: this.breaker === undefined || (firstFailedMs !== undefined && this.lastAnswerMs > firstFailedMs),
      othersFailed: others,
      onlyCaller: callers === 0 && this.inFlight === 0,
    }
  }

  open(why: string): void {
    const change = this.breaker?.force('open', this.clock.monotonicMs(), undefined, why)
    if (change) this.changed(change)
  }

  snapshot(): BreakerSnapshot | undefined {
    return this.breaker?.toJSON(this.clock.wallMs(), this.clock.monotonicMs())
  }

  private room(nowMs: number): number {
    const ramp = this.breaker ? this.breaker.rampLimit(nowMs) : Number.POSITIVE_INFINITY
    return Math.min(ramp, this.concurrency)
  }

  /** An open breaker refuses at once; nobody stands in line for that. */
  private refusesNow(attempt: Attempt): boolean {
    return this.breaker !== undefined && this.breaker.phase !== 'closed' && attempt.probeOf !== this.name
  }

  /** Probes are taken from the held items; others are refused while the breaker is half-open, unless nothing is held. */
  private admit(attempt: Attempt, nowMs: number): 'call' | 'probe' | 'refuse' {
    const breaker = this.breaker
    if (!breaker) return 'call'
    if (breaker.phase === 'closed') return breaker.admit(nowMs)
    if (attempt.probeOf !== this.name && this.held.size > 0) return 'refuse'
    const admitted = breaker.admit(nowMs)
    for (let change = breaker.takeChange(); change; change = breaker.takeChange()) this.changed(change)
    return admitted
  }

  private begin(attempt: Attempt, probe: boolean, nowMs: number): Call {
    const call: Call = { epoch: this.breaker ? this.breaker.epoch : 0, probe, startedMs: nowMs, settled: false }
    this.inFlight++
    const calls = this.calls.get(attempt)
    if (calls) calls.push(call)
    else this.calls.set(attempt, [call])
    if (this.failedSince.size > 0 && this.callersSince.size < REMEMBERED) this.callersSince.add(attempt.position)
    return call
  }

  private answered(attempt: Attempt, call: Call): void {
    if (call.settled) return
    this.hasAnswered()
    this.settle(attempt, call, 'success')
  }

  private failed(attempt: Attempt, call: Call, thrown: unknown): void {
    if (call.settled) return
    // An attempt that was cancelled, or whose lease is lost, says nothing about the dependency.
    if (attempt.aborted !== undefined && !attempt.timedOut) {
      this.settle(attempt, call, 'ignored')
      return
    }
    const failure = capture(thrown, { stack: false })
    const classification = classifyFailure(failure, { dependency: this.name, rules: this.world.rules })
    lastFailures.set(attempt, { thrown, failure, classification })
    attempt.failedAt = this.name
    const outcome = attempt.timedOut ? 'failure' : countsForBreaker(classification.type)
    if (outcome === 'failure') this.laidTo(attempt)
    else this.hasAnswered()
    this.settle(attempt, call, outcome)
  }

  private laidTo(attempt: Attempt): void {
    attempt.failedAt = this.name
    if (this.failedSince.size < REMEMBERED) this.failedSince.add(attempt.position)
    if (this.callersSince.size < REMEMBERED) this.callersSince.add(attempt.position)
  }

  private hasAnswered(): void {
    this.lastAnswerMs = this.clock.monotonicMs()
    if (this.failedSince.size > 0) {
      this.failedSince.clear()
      this.callersSince.clear()
    }
  }

  private settle(attempt: Attempt, call: Call, outcome: 'success' | 'failure' | 'ignored'): void {
    call.settled = true
    this.inFlight--
    const calls = this.calls.get(attempt)!
    if (calls.length === 1) this.calls.delete(attempt)
    else calls.splice(calls.indexOf(call), 1)
    const nowMs = this.clock.monotonicMs()
    const change = this.breaker?.record(
      { epoch: call.epoch, probe: call.probe, outcome, durationMs: nowMs - call.startedMs },
      nowMs,
    )
    if (change) this.changed(change)
    if (this.line.size > 0) this.letOn(this.room(nowMs) - this.inFlight - this.granted)
  }

  private changed(change: BreakerChange): void {
    if (change.to === 'open') this.letOn(this.line.size)
    this.world.onChange(this, change)
  }

  private letOn(count: number): void {
    if (count > 0) this.granted += this.line.advance(count)
  }

  /** True when a place was granted in advance. */
  private async standInLine(attempt: Attempt, nowMs: number): Promise<boolean> {
    const goOn = this.world.pauseClock(attempt)
    try {
      if (this.limiter) await this.waitForTurn(attempt, nowMs)
      if (this.inFlight + this.granted < this.room(this.clock.monotonicMs())) return false
      if ((await this.line.stand(attempt.signal)) === 'too long') this.throttle(attempt, LINE_LIMIT_MS)
      return true
    } finally {
      goOn()
    }
  }

  private async waitForTurn(attempt: Attempt, nowMs: number): Promise<void> {
    const ticket = attempt.ticket
    if (ticket && ticket.dependency === this.name) {
      attempt.ticket = undefined
      return
    }
    const waitMs = this.limiter!.take(nowMs)
    if (waitMs > LINE_LIMIT_MS) this.throttle(attempt, waitMs)
    if (waitMs > 0) await sleep(this.clock, waitMs, attempt.signal)
  }

  private throttle(attempt: Attempt, waitMs: number): never {
    attempt.throttled = { dependency: this.name, waitMs }
    throw new Throttled(this.name)
  }

  private async withTimeout(
    attempt: Attempt,
    fn: (call: { readonly signal: AbortSignal }) => unknown,
    limitMs: number,
  ): Promise<unknown> {
    const controller = new AbortController()
    const outer = attempt.signal
    const pass = () => controller.abort(outer.reason)
    if (outer.aborted) pass()
    else outer.addEventListener('abort', pass, { once: true })
    let cancelTimer = () => {}
    const late = new Promise<never>((_, reject) => {
      cancelTimer = this.clock.setTimer(() => {
        const timeout = new AttemptTimeout(`the call of ${this.name}`, limitMs)
        reject(timeout)
        controller.abort(timeout)
      }, limitMs)
    })
    try {
      return await Promise.race([fn({ signal: controller.signal }), late])
    } finally {
      cancelTimer()
      outer.removeEventListener('abort', pass)
    }
  }
}

/** What a call's failure was found to be, so that it isn't captured and classified again when the handler throws it on. */
const lastFailures = new WeakMap<
  Attempt,
  { readonly thrown: unknown; readonly failure: CapturedFailure; readonly classification: Classification }
>()
export function knownFailure(
  attempt: Attempt,
  thrown: unknown,
): { readonly classification: Classification } | undefined {
  const known = lastFailures.get(attempt)
  return known && known.thrown === thrown ? known : undefined
}

function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const stop = () => {
      cancel()
      reject(signal.reason as Error)
    }
    const cancel = clock.setTimer(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, delayMs)
    signal.addEventListener('abort', stop, { once: true })
  })
}
