/** Lets calls through at a steady rate. */
export interface RateLimiter {
  /** Milliseconds to wait from now, 0 for none. The place is reserved: call after the wait, without asking again. */
  take(nowMs: number): number
  /** Returns the last place, of a call that won't be made. */
  giveBack(): void
}

/**
 * Generic cell rate algorithm (ITU-T I.371): a place each `1 / perMs` milliseconds, `burst` (default 1) at once after a
 * pause. In any span of t milliseconds at most `burst + t·perMs` places. Throws RangeError unless perMs > 0 and burst ≥ 1.
 */
export function createRateLimiter(perMs: number, burst = 1): RateLimiter {
  if (!(perMs > 0) || !Number.isFinite(perMs)) throw new RangeError(`perMs must be above 0, not ${perMs}`)
  if (!(burst >= 1) || !Number.isFinite(burst)) throw new RangeError(`burst must be at least 1, not ${burst}`)
  const spacingMs = 1 / perMs
  const toleranceMs = (burst - 1) * spacingMs
  /** When the next place would come if every one so far had come in time. */
  let arrivalMs = Number.NEGATIVE_INFINITY
  return {
    take(nowMs) {
      const dueMs = Math.max(arrivalMs, nowMs)
      arrivalMs = dueMs + spacingMs
      return Math.max(0, dueMs - toleranceMs - nowMs)
    },
    giveBack() {
      arrivalMs -= spacingMs
    },
  }
}
