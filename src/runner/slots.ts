import type { Attempt } from '../attempt/attempt.ts'
import type { Executor } from '../attempt/executor.ts'
import { endItem, runItem } from '../attempt/run-item.ts'
import { AttemptTimeout } from '../attempt/verdicts.ts'
import type { Clock } from '../model/clock.ts'
import type { Intake } from './intake.ts'
import type { TimingWheel, WheelNode } from './timing-wheel.ts'

/** An overrun attempt keeps its slot at least so long beyond its timeout. */
const GRACE_MS = 5_000

export interface SlotsOptions {
  readonly count: number
  readonly timeoutMs: number
  readonly intake: Intake
  readonly executor: Executor
  readonly wheel: TimingWheel
  readonly clock: Clock
  /** Outcomes must be durable before a slot goes on (`durability: 'each'`). */
  readonly each: (() => Promise<void>) | undefined
  /** The attempt ended. A promise only when settling takes time. */
  readonly onEnd: (attempt: Attempt, threw: boolean, value: unknown) => undefined | Promise<void>
  /** The attempt ran out of time: its signal is aborted, its calls are over. */
  readonly onTimeout: (attempt: Attempt) => void
  /** The attempt did not settle in its grace either; it is left behind. */
  readonly onAbandon: (attempt: Attempt) => void
  /** Every slot waits. */
  readonly onIdle: () => void
  readonly onError: (error: unknown) => void
}

/** The places at which attempts run: C loops, each with one attempt at a time. */
export interface Slots {
  readonly running: number
  /** Attempts under way. */
  attempts(): Iterable<Attempt>
  wake(): void
  /** The attempt's clock stands until the answer is called: it waits in a line. */
  pauseClock(attempt: Attempt): () => void
  close(): void
}

interface Slot extends WheelNode {
  attempt: Attempt | undefined
  dueMs: number
  left: boolean
}

export function createSlots(options: SlotsOptions): Slots {
  return new LiveSlots(options)
}

class LiveSlots implements Slots {
  running = 0
  private readonly options: SlotsOptions
  private readonly slots = new Set<Slot>()
  private idle: (() => void)[] = []
  private closed = false

  constructor(options: SlotsOptions) {
    this.options = options
    for (let i = 0; i < options.count; i++) this.open()
  }

  *attempts(): Iterable<Attempt> {
    for (const slot of this.slots) if (slot.attempt) yield slot.attempt
  }

  wake(): void {
    const woken = this.idle
    if (woken.length === 0) return
    this.idle = []
    for (const resolve of woken) resolve()
  }

  pauseClock(attempt: Attempt): () => void {
    const slot = attempt.slot as Slot
    const { wheel, clock } = this.options
    const leftMs = slot.dueMs - clock.monotonicMs()
    wheel.disarm(slot)
    return () => {
      if (slot.attempt !== attempt || attempt.timedOut) return
      slot.dueMs = clock.monotonicMs() + Math.max(0, leftMs)
      wheel.arm(slot, slot.dueMs)
    }
  }

  close(): void {
    this.closed = true
    for (const slot of this.slots) this.options.wheel.disarm(slot)
    this.wake()
  }

  private open(): void {
    const slot: Slot = {
      attempt: undefined,
      dueMs: 0,
      left: false,
      wheelTick: -1,
      wheelPrevious: undefined,
      wheelNext: undefined,
      onDue: () => this.overrun(slot),
    }
    this.slots.add(slot)
    this.loop(slot).catch(this.options.onError)
  }

  private async loop(slot: Slot): Promise<void> {
    const { intake, each } = this.options
    // The first turn belongs to whoever made the slots.
    await undefined
    while (!this.closed) {
      const next = intake.next()
      const attempt = next instanceof Promise ? await next : next
      if (attempt === undefined) {
        await this.rest()
        continue
      }
      this.occupy(slot, attempt)
      let threw = false
      let value: unknown
      try {
        value = runItem(this.options.executor, attempt)
        if (value !== null && (typeof value === 'object' || typeof value === 'function')) value = await value
      } catch (thrown) {
        threw = true
        value = thrown
      }
      const cleaning = endItem(attempt)
      if (cleaning) await cleaning
      if (slot.left) return
      const settled = this.leave(slot, attempt, { threw, value })
      if (settled) await settled
      slot.attempt = undefined
      this.running--
      if (each) await each()
    }
    this.slots.delete(slot)
  }

  private occupy(slot: Slot, attempt: Attempt): void {
    const { wheel, clock, timeoutMs } = this.options
    slot.attempt = attempt
    attempt.slot = slot
    this.running++
    const nowMs = clock.monotonicMs()
    attempt.startedMs = nowMs
    slot.dueMs = nowMs + timeoutMs
    wheel.arm(slot, slot.dueMs)
  }

  private leave(slot: Slot, attempt: Attempt, ended: { threw: boolean; value: unknown }): undefined | Promise<void> {
    this.options.wheel.disarm(slot)
    return this.options.onEnd(attempt, ended.threw, ended.value)
  }

  private rest(): Promise<void> {
    const resting = new Promise<void>((resolve) => this.idle.push(resolve))
    if (this.running === 0) this.options.onIdle()
    return resting
  }

  private overrun(slot: Slot): void {
    const attempt = slot.attempt
    if (!attempt) return
    const { timeoutMs, wheel, clock } = this.options
    if (!attempt.timedOut) {
      attempt.timedOut = true
      attempt.abort(new AttemptTimeout('the attempt', timeoutMs))
      this.options.onTimeout(attempt)
      wheel.arm(slot, clock.monotonicMs() + Math.max(timeoutMs, GRACE_MS))
      return
    }
    attempt.ended = true
    slot.left = true
    slot.attempt = undefined
    this.slots.delete(slot)
    this.running--
    this.open()
    this.options.onAbandon(attempt)
  }
}
