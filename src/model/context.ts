import type { Disposition } from './classification.ts'

/** Structured, redacted. */
export interface Log {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}
/** The declared dependencies. */
export type Declared<Dependency> = [Dependency] extends [never] ? 'declare it under `dependencies` first' : Dependency

/** Given to the handler with each item. */
export interface Context<Dependency extends string = never> {
  /** `JOB:KEY`, without a key `BATCH:POSITION`. Stable over retries, redrives and restarts: use it as idempotency key. */
  readonly key: string
  /** From 1. */
  readonly attempt: number
  /** From 1; a redrive opens the next one. */
  readonly generation: number
  /** Aborts at the attempt's timeout or deadline, or on cancel. */
  readonly signal: AbortSignal
  readonly batchId: string
  /** In the source, from 0. */
  readonly position: number
  /** Empty without stages. */
  readonly stage: string
  readonly log: Log
  /** Calls a dependency under its breaker and limits. Never retries by itself. */
  call<Result>(
    dependency: Declared<Dependency>,
    fn: (call: { readonly signal: AbortSignal }) => Result | Promise<Result>,
    options?: { fallback?: () => NoInfer<Result> | Promise<NoInfer<Result>> },
  ): Promise<Result>
  /** Runs once per item, ever; afterwards answers the kept result. Return plain data. */
  once<Result>(name: string, fn: () => Result | Promise<Result>): Promise<Result>
  /** Runs, in reverse order, if the item is rolled back. */
  undo(fn: () => unknown): void
  /** Runs at the attempt's end, always. */
  cleanup(fn: () => unknown): void
  /** A directory of this attempt's own; removed at its end. */
  tempDir(): Promise<string>
  /** Ends the attempt as said: `return ctx.fail('permanent', 'no address')`. */
  fail(disposition: Disposition, message: string): never
}
