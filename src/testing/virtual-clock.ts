/** Time that only moves when a test says so: what takes hours runs in an instant, in the same order each time. */
export interface VirtualClock {
  /** Milliseconds since 1970, as a wall clock shows them: may jump. */
  wallMs(): number
  /** Milliseconds since the clock began: never goes back. */
  monotonicMs(): number
  /** Calls `fn` once, `delayMs` from now by the monotonic clock (at least at the next advance). Answers how to take it back. */
  setTimer(fn: () => void, delayMs: number): () => void
  /** Lets time pass: due timers run in order, and what waits for them goes on before the next. Rejects with what a timer throws. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock forward or, with a negative number, back; no timer notices. */
  jumpWall(ms: number): void
  /** How many timers are set. */
  readonly timers: number
}

/** `startMs`: what the wall clock shows first. Default: 1 January 2026. */
export function createVirtualClock({ startMs = 1_767_225_600_000 }: { readonly startMs?: number } = {}): VirtualClock {
  let nowMs = 0
  let wallOffsetMs = startMs
  let next = 0
  const timers = new Map<number, { readonly dueMs: number; readonly fn: () => void }>()

  const takeDue = (untilMs: number) => {
    let first: { readonly id: number; readonly dueMs: number; readonly fn: () => void } | undefined
    // Insertion order decides between timers of the same time.
    for (const [id, timer] of timers)
      if (timer.dueMs <= untilMs && (!first || timer.dueMs < first.dueMs)) first = { id, ...timer }
    if (first) timers.delete(first.id)
    return first
  }

  return {
    wallMs: () => wallOffsetMs + nowMs,
    monotonicMs: () => nowMs,
    setTimer(fn, delayMs) {
      const id = next++
      timers.set(id, { dueMs: nowMs + Math.max(0, delayMs), fn })
      return () => {
        timers.delete(id)
      }
    },
    async advance(ms) {
      const untilMs = nowMs + Math.max(0, ms)
      await settled()
      for (let due = takeDue(untilMs); due; due = takeDue(untilMs)) {
        nowMs = Math.max(nowMs, due.dueMs)
        due.fn()
        await settled()
      }
      nowMs = Math.max(nowMs, untilMs)
    },
    jumpWall(ms) {
      wallOffsetMs += ms
    },
    get timers() {
      return timers.size
    },
  }
}

/** All promises that can go on have gone on when the loop comes to its next turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
