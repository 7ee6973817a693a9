import type { BreakerOptions } from '../model/policy.ts'
import { type ResolvedBreaker, resolveBreaker } from './breaker-options.ts'
import { CallWindow } from './call-window.ts'
import { Ramp } from './ramp.ts'

export { countsForBreaker } from './counts-for-breaker.ts'

/** Where a breaker stands. */
export type BreakerPhase = 'closed' | 'open' | 'half-open'

/** A change of phase, with its reason as a sentence. */
export interface BreakerChange {
  readonly from: BreakerPhase
  readonly to: BreakerPhase
  readonly why: string
}

/** How a call ended, as far as its dependency is concerned. */
export interface RecordedCall {
  /** The breaker's when the call was admitted. */
  readonly epoch: number
  /** It was admitted as a probe. */
  readonly probe: boolean
  readonly outcome: 'success' | 'failure' | 'ignored'
  readonly durationMs: number
}

/** A breaker as a cell keeps it; times of the wall clock. What is counted isn't kept. */
export interface BreakerSnapshot {
  readonly version: 1
  readonly phase: BreakerPhase
  readonly epoch: number
  /** Next probe, when open; null: only when an operator says so, or not open. */
  readonly openUntilMs: number | null
  /** Probes that failed in a row. */
  readonly failedProbes: number
  /** An operator keeps it open or closed until then; null: until reset; absent: nobody does. */
  readonly forcedUntilMs?: number | null
  /** It was ramping up. */
  readonly ramping: boolean
  /** Why it stands there. */
  readonly why: string
}

/**
 * Circuit breaker of one dependency over a count window, with bounded probes and a ramp on closing. All times are
 * monotonic milliseconds given by the caller: a jump of the wall clock changes nothing. Each phase has an epoch of its
 * own; what belongs to an older one never changes anything. Record each admitted call exactly once, hung ones at their
 * timeout; probes that never settle are given up after 60 s (twice as long each time, up to an hour).
 * After resilience4j (window, slow calls) and Envoy (slow start).
 */
export interface Breaker {
  readonly phase: BreakerPhase
  /** Rises with each change of phase. */
  readonly epoch: number
  /** Next probe, when open; Infinity: only when an operator says so. 0 when not open. */
  readonly openUntilMs: number
  /** At once, while half-open. */
  readonly probes: number
  /** Why it stands where it does. */
  readonly why: string
  /** May open a probe when it is due; at most `probes` are in flight. Note `epoch` after it. */
  admit(nowMs: number): 'call' | 'probe' | 'refuse'
  record(call: RecordedCall, nowMs: number): BreakerChange | undefined
  /**
   * An operator's will: open or closed until then, whatever happens. Without `untilMs` it opens or closes as by itself:
   * probes when due, judges its calls. Undefined if the phase stays.
   */
  force(to: 'open' | 'closed', nowMs: number, untilMs?: number, why?: string): BreakerChange | undefined
  /** Closed, with all forgotten; ramps up if it wasn't closed. */
  reset(nowMs: number): BreakerChange | undefined
  /** How many calls may be in flight now: Infinity when ramped up. Meant for the closed phase. */
  rampLimit(nowMs: number): number
  /** For a cell. */
  toJSON(nowWallMs: number, nowMs: number): BreakerSnapshot
  /** The oldest change that `admit` made by the clock and that wasn't taken yet. */
  takeChange(): BreakerChange | undefined
}

/** A breaker, closed or as the snapshot says. `probes` (default 3): probes at once, and successes that close. Throws as `resolveBreaker`. */
export function createBreaker(
  options: BreakerOptions | undefined,
  from?: { snapshot: BreakerSnapshot; nowWallMs: number; nowMs: number },
  tuning: { readonly probes?: number } = {},
): Breaker {
  const breaker = new CountBreaker(resolveBreaker(options), Math.max(1, Math.floor(tuning.probes ?? 3)))
  if (from) breaker.restore(from)
  return breaker
}

const openMaxMs = 60_000
/** A probe that hasn't settled in this time is given up; doubles each time, for dependencies that answer slowly but do. */
const patienceMs = 60_000
const patienceMaxMs = 3_600_000
/** While ramping up fewer calls are enough to see that the dependency is down again. */
const judgedFromRamping = 5

class CountBreaker implements Breaker {
  phase: BreakerPhase = 'closed'
  epoch = 1
  openUntilMs = 0
  why = 'new'
  private readonly options: ResolvedBreaker
  readonly probes: number
  private readonly window: CallWindow
  private readonly ramp = new Ramp()
  /** Until when an operator keeps it as it is; 0 if nobody does. */
  private forcedUntilMs = 0
  private failedProbes = 0
  private stalls = 0
  private probesInFlight = 0
  private probeSuccesses = 0
  private slowProbes = 0
  private probedAtMs = 0
  private untaken: BreakerChange[] = []

  constructor(options: ResolvedBreaker, probes: number) {
    this.options = options
    this.probes = probes
    this.window = new CallWindow(options)
  }

  admit(nowMs: number): 'call' | 'probe' | 'refuse' {
    if (this.phase === 'closed') return 'call'
    if (this.phase === 'half-open') this.giveUpStalled(nowMs)
    if (this.phase === 'open') {
      if (nowMs < this.openUntilMs) return 'refuse'
      this.halfOpen()
    }
    if (this.probesInFlight >= this.probes) return 'refuse'
    this.probesInFlight++
    this.probedAtMs = nowMs
    return 'probe'
  }

  record(call: RecordedCall, nowMs: number): BreakerChange | undefined {
    if (call.epoch !== this.epoch) return undefined
    if (this.phase === 'half-open') return call.probe ? this.recordProbe(call, nowMs) : undefined
    if (this.phase === 'open') return undefined
    const isRamping = this.ramp.limit !== Number.POSITIVE_INFINITY
    if (isRamping) this.ramp.note(call.outcome, nowMs)
    if (call.outcome === 'ignored') return undefined
    this.window.add(call.outcome === 'failure', call.durationMs)
    if (nowMs < this.forcedUntilMs) return undefined
    const why = isRamping ? this.window.judge(judgedFromRamping) : this.window.judge()
    return why === undefined ? undefined : this.open(nowMs, why)
  }

  force(
    to: 'open' | 'closed',
    nowMs: number,
    untilMs?: number,
    why = 'forced by an operator',
  ): BreakerChange | undefined {
    this.forcedUntilMs = untilMs ?? 0
    if (to === 'closed') return this.phase === 'closed' ? undefined : this.close(nowMs, why)
    if (this.phase !== 'open') {
      this.failedProbes = 0
      const change = this.open(nowMs, why)
      this.openUntilMs = untilMs ?? this.openUntilMs
      return change
    }
    this.openUntilMs = untilMs ?? nowMs + this.openMs()
    this.why = why
    return undefined
  }

  reset(nowMs: number): BreakerChange | undefined {
    this.forcedUntilMs = 0
    if (this.phase !== 'closed') return this.close(nowMs, 'reset by an operator')
    this.window.clear()
    this.ramp.end()
    return undefined
  }

  rampLimit(nowMs: number): number {
    return this.ramp.limitAt(nowMs)
  }

  takeChange(): BreakerChange | undefined {
    return this.untaken.shift()
  }

  toJSON(nowWallMs: number, nowMs: number): BreakerSnapshot {
    const onWall = (ms: number) => (ms === Number.POSITIVE_INFINITY ? null : Math.round(nowWallMs + ms - nowMs))
    const snapshot = {
      version: 1,
      phase: this.phase,
      epoch: this.epoch,
      openUntilMs: this.phase === 'open' ? onWall(this.openUntilMs) : null,
      failedProbes: this.failedProbes,
      ramping: this.ramp.limit !== Number.POSITIVE_INFINITY,
      why: this.why,
    } as const
    return this.forcedUntilMs > nowMs ? { ...snapshot, forcedUntilMs: onWall(this.forcedUntilMs) } : snapshot
  }

  restore({ snapshot, nowWallMs, nowMs }: { snapshot: BreakerSnapshot; nowWallMs: number; nowMs: number }): void {
    // A cell of another version, or no snapshot at all: closed is where a breaker begins.
    if (snapshot.version !== 1 || !Number.isSafeInteger(snapshot.epoch + snapshot.failedProbes)) return
    const fromWall = (ms: number | null) => (ms === null ? Number.POSITIVE_INFINITY : nowMs + ms - nowWallMs)
    this.epoch = snapshot.epoch + 1
    this.failedProbes = snapshot.failedProbes
    this.why = snapshot.why
    if (snapshot.forcedUntilMs !== undefined) this.forcedUntilMs = fromWall(snapshot.forcedUntilMs)
    const isForced = this.forcedUntilMs > nowMs
    if (snapshot.phase === 'closed') {
      if (snapshot.ramping) this.ramp.start(nowMs)
      return
    }
    // The probes of a half-open breaker died with their process: it is open, and due.
    this.phase = 'open'
    const dueMs = snapshot.phase === 'open' ? fromWall(snapshot.openUntilMs) : nowMs
    // If the wall clock was set back meanwhile, the wait must not grow with it.
    this.openUntilMs = isForced ? dueMs : Math.min(dueMs, nowMs + this.openMs())
  }

  private recordProbe(call: RecordedCall, nowMs: number): BreakerChange | undefined {
    this.probesInFlight = Math.max(0, this.probesInFlight - 1)
    if (call.outcome === 'ignored') return undefined
    if (call.outcome === 'failure') return this.reopen(nowMs, 'a probe failed')
    this.probeSuccesses++
    if (call.durationMs > this.options.slowMs) this.slowProbes++
    if (this.probeSuccesses < this.probes) return undefined
    if (this.slowProbes > 0 && this.slowProbes >= this.options.slowRate * this.probes) {
      return this.reopen(
        nowMs,
        `${this.slowProbes} of ${this.probes} probes took longer than ${this.options.slowMs} ms`,
      )
    }
    return this.close(nowMs, `${this.probes} ${this.probes === 1 ? 'probe' : 'probes'} succeeded`)
  }

  /** Slots of probes that never settled can only be given again in a new epoch, or more than `probes` would be in flight. */
  private giveUpStalled(nowMs: number): void {
    if (this.probesInFlight < this.probes) return
    const patience = Math.min(patienceMaxMs, patienceMs * 2 ** this.stalls)
    if (nowMs - this.probedAtMs < patience) return
    this.stalls++
    this.noteUntaken(this.reopen(nowMs, `no probe has settled in ${patience / 1_000} s`))
  }

  private open(nowMs: number, why: string): BreakerChange {
    const change = this.enter('open', why)
    this.openUntilMs = nowMs + this.openMs()
    return change
  }

  private reopen(nowMs: number, why: string): BreakerChange {
    this.failedProbes++
    return this.open(nowMs, why)
  }

  private halfOpen(): void {
    this.probesInFlight = 0
    this.probeSuccesses = 0
    this.slowProbes = 0
    this.noteUntaken(this.enter('half-open', 'time for a probe'))
  }

  private close(nowMs: number, why: string): BreakerChange {
    this.failedProbes = 0
    this.stalls = 0
    this.window.clear()
    this.ramp.start(nowMs)
    return this.enter('closed', why)
  }

  private enter(to: BreakerPhase, why: string): BreakerChange {
    const change = { from: this.phase, to, why }
    this.phase = to
    this.epoch++
    this.openUntilMs = 0
    this.why = why
    if (to === 'open') this.ramp.end()
    return change
  }

  private openMs(): number {
    // 2 ** 1100 is Infinity, which the cap takes care of; 0 · Infinity isn't.
    const doublings = Math.min(this.failedProbes, 60)
    return Math.min(this.options.openMs * 2 ** doublings, Math.max(openMaxMs, this.options.openMs))
  }

  private noteUntaken(change: BreakerChange): void {
    this.untaken.push(change)
    // Bounded even if nobody takes them.
    if (this.untaken.length > 16) this.untaken.shift()
  }
}
