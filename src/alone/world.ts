/** What the parts need of the world; tests bring their own. */
export interface World {
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number
  /** In [0, 1). */
  readonly random: () => number
  readonly sleep: (delayMs: number) => Promise<void>
}

/** Beyond it a timer fires at once. */
const timerMaxMs = 2 ** 31 - 1

/** The real one. */
export const world: World = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  random: () => Math.random(),
  async sleep(delayMs) {
    const dueMs = performance.now() + delayMs
    // Timers may fire a fraction of a millisecond early; no retry may.
    for (let restMs = delayMs; restMs > 0; restMs = dueMs - performance.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(restMs, timerMaxMs)))
    }
  },
}
