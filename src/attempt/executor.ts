/**
 * SEAM of the room: how an attempt is executed, and what the runner lends it. The inline executor runs the handler in
 * this process; isolated ones (thread, process) will answer the same interface.
 */
import type { Clock } from '../model/clock.ts'
import type { Attempt } from './attempt.ts'

export type { Attempt, Entrance } from './attempt.ts'
export { createAttempt } from './attempt.ts'
export { createInlineExecutor } from './inline-executor.ts'
export { runItem } from './run-item.ts'
export { AttemptTimeout, Held, Throttled } from './verdicts.ts'

export interface Executor {
  /** Runs the handler once. Answers, or promises, what it answered; throws, or rejects with, what it threw. */
  run(attempt: Attempt): unknown
  /** Lets go of threads and children. Twice is the same as once. */
  close(): Promise<void>
}

/** What every attempt of a batch shares. */
export interface AttemptWorld {
  readonly jobName: string
  readonly batchId: string
  readonly clock: Clock
  /** `ctx.call`: breaker, limits, line and timeout of a dependency. */
  call(attempt: Attempt, dependency: string, fn: (call: { readonly signal: AbortSignal }) => unknown, fallback: (() => unknown) | undefined): Promise<unknown>
  /** Where the handler's log lines go, redacted. */
  log(attempt: Attempt, level: LogLevel, message: string, fields: object | undefined): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
