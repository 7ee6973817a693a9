/** In-flight calls from which on a ramp has ended. */
const fullAt = 256
/** A level that answers but brings too few successes to double by them lasts so long. */
const levelMs = 5_000

/**
 * How many calls may be in flight after a breaker has closed: 1, 2, 4, … doubling with each so many successes, so that
 * what was held doesn't fall on a dependency that has only just come back. From 256 on there is no limit.
 */
export class Ramp {
  /** Infinity when there is no ramp. */
  limit = Number.POSITIVE_INFINITY
  private successes = 0
  private hasAnswered = false
  private sinceMs = 0

  start(nowMs: number): void {
    this.enter(1, nowMs)
  }

  end(): void {
    this.limit = Number.POSITIVE_INFINITY
  }

  note(outcome: 'success' | 'failure' | 'ignored', nowMs: number): void {
    if (outcome === 'failure') return
    this.hasAnswered = true
    if (outcome === 'success') this.successes++
    if (this.successes >= this.limit) this.enter(this.limit * 2, nowMs)
  }

  /** Work whose every answer is, say, a refused validation would ramp for ever if only successes counted. */
  limitAt(nowMs: number): number {
    if (this.hasAnswered && nowMs - this.sinceMs >= levelMs && this.limit < fullAt) this.enter(this.limit * 2, nowMs)
    return this.limit
  }

  private enter(limit: number, nowMs: number): void {
    this.limit = limit >= fullAt ? Number.POSITIVE_INFINITY : limit
    this.successes = 0
    this.hasAnswered = false
    this.sinceMs = nowMs
  }
}
