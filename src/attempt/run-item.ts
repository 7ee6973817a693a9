import type { Attempt } from './attempt.ts'
import type { Executor } from './executor.ts'

/** Clean-up hooks may take so long in all, in milliseconds, before the attempt ends without them. */
const CLEANUP_LIMIT_MS = 5_000

/**
 * Calls the handler for one attempt: the only place that calls user code. Answers, or promises, what it answered; throws,
 * or rejects with, what it threw. The caller awaits it itself, since one more async function for each item would be
 * half the cost of a fast one.
 */
export function runItem(executor: Executor, attempt: Attempt): unknown {
  if (attempt.refusal) throw attempt.refusal.error
  return executor.run(attempt)
}

/** The attempt has settled: clean-up hooks run, and its ctx is of no use any more. A promise only when there are hooks. */
export function endItem(attempt: Attempt): Promise<void> | undefined {
  if (!attempt.cleanups) {
    attempt.ended = true
    return undefined
  }
  return cleanUp(attempt).then(() => {
    attempt.ended = true
  })
}

/** Last registered first. A hook that throws is logged and doesn't change the outcome; hooks that hang are left behind. */
async function cleanUp(attempt: Attempt): Promise<void> {
  const hooks = attempt.cleanups ?? []
  let left = false
  const run = async () => {
    while (hooks.length > 0 && !left) {
      try {
        await hooks.pop()!()
      } catch (thrown) {
        attempt.world.log(attempt, 'warn', `a cleanup hook failed: ${describe(thrown)}`, undefined)
      }
    }
  }
  let takeBack = () => {}
  const limit = new Promise<void>((resolve) => {
    takeBack = attempt.world.clock.setTimer(() => {
      left = true
      attempt.world.log(
        attempt,
        'warn',
        `cleanup hooks took longer than ${CLEANUP_LIMIT_MS} ms and were left behind`,
        undefined,
      )
      resolve()
    }, CLEANUP_LIMIT_MS)
  })
  await Promise.race([run(), limit])
  takeBack()
}

function describe(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'a value that cannot be shown'
  }
}
