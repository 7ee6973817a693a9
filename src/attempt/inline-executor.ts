import type { Attempt } from './attempt.ts'
import type { Executor } from './executor.ts'

/** Runs the handler in this process. An overrun can only be abandoned here, not killed. */
export function createInlineExecutor(handler: (item: never, ctx: never) => unknown): Executor {
  const run = handler as (item: unknown, ctx: Attempt) => unknown
  return {
    run: (attempt) => run(attempt.item, attempt),
    close: async () => {},
  }
}
