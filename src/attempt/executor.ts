/**
 * SEAM of the room: how an attempt is executed. The inline executor runs the handler in this process; isolated ones
 * (thread, process) will answer the same interface.
 */
import type { Attempt } from './attempt.ts'

export interface Executor {
  /** Runs the handler once. Answers, or promises, what it answered; throws, or rejects with, what it threw. */
  run(attempt: Attempt): unknown
  /** Lets go of threads and children. Twice is the same as once. */
  close(): Promise<void>
}
