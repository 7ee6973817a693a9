import type { Clock } from '../model/clock.ts'
import type { Attempt } from './attempt.ts'

/** What every attempt of a batch shares, lent by the runner. */
export interface AttemptWorld {
  readonly jobName: string
  readonly batchId: string
  readonly clock: Clock
  /** `ctx.call`: breaker, limits, line and timeout of a dependency. */
  call(
    attempt: Attempt,
    dependency: string,
    fn: (call: { readonly signal: AbortSignal }) => unknown,
    fallback: (() => unknown) | undefined,
  ): Promise<unknown>
  /** Where the handler's log lines go, redacted. */
  log(attempt: Attempt, level: LogLevel, message: string, fields: object | undefined): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
