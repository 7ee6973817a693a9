import type { ResolvedBreaker } from './breaker-options.ts'

const FAILED = 1
const SLOW = 2

/** Judged from so many calls on, or from `over` if that is less. */
const judgedFrom = 20

/** The last `over` calls of a dependency in a ring; one byte each, nothing allocated per call. */
export class CallWindow {
  private readonly options: ResolvedBreaker
  private readonly calls: Uint8Array
  private next = 0
  private filled = 0
  private failed = 0
  private slow = 0

  constructor(options: ResolvedBreaker) {
    this.options = options
    this.calls = new Uint8Array(options.over)
  }

  add(isFailure: boolean, durationMs: number): void {
    const call = (isFailure ? FAILED : 0) | (durationMs > this.options.slowMs ? SLOW : 0)
    if (this.filled === this.calls.length) this.forget(this.calls[this.next]!)
    else this.filled++
    this.calls[this.next] = call
    this.next = this.next + 1 === this.calls.length ? 0 : this.next + 1
    if (call & FAILED) this.failed++
    if (call & SLOW) this.slow++
  }

  clear(): void {
    this.next = 0
    this.filled = 0
    this.failed = 0
    this.slow = 0
  }

  /** Why the dependency is down, judged from so many calls on; undefined if it isn't. */
  judge(fewest = judgedFrom): string | undefined {
    if (this.filled < fewest && this.filled < this.calls.length) return undefined
    const { failureRate, slowRate, slowMs } = this.options
    if (this.failed > 0 && this.failed / this.filled >= failureRate) {
      return `${this.failed} of the last ${this.filled} calls failed`
    }
    if (this.slow > 0 && this.slow / this.filled >= slowRate) {
      return `${this.slow} of the last ${this.filled} calls took longer than ${slowMs} ms`
    }
    return undefined
  }

  private forget(call: number): void {
    if (call & FAILED) this.failed--
    if (call & SLOW) this.slow--
  }
}
