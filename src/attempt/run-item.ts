import type { Attempt } from './attempt.ts'
import type { Executor } from './executor.ts'

/** Clean-up hooks may take so long in all, in milliseconds, before the attempt ends without them. */
const CLEANUP_LIMIT_MS = 5_000

/** How an attempt ended. `value` is what the handler answered, or what it threw. */
export interface Ending {
  readonly threw: boolean
  readonly value: unknown
}

const done: Ending = { threw: false, value: undefined }

/**
 * One attempt of one item: the only place that calls user code. Never rejects. Answers without a promise when the
 * handler does and nothing is left to clean up, since an await for each item would be half the cost of a fast one.
 */
export function runItem(executor: Executor, attempt: Attempt): Ending | Promise<Ending> {
  if (attempt.refusal) return end(attempt, { threw: true, value: attempt.refusal.error })
  let value: unknown
  try {
    value = executor.run(attempt)
  } catch (thrown) {
    return end(attempt, { threw: true, value: thrown })
  }
  if (value === undefined) return end(attempt, done)
  return typeof value === 'object' || typeof value === 'function'
    ? settle(attempt, value)
    : end(attempt, { threw: false, value })
}

async function settle(attempt: Attempt, promised: unknown): Promise<Ending> {
  let ending: Ending
  try {
    const value = await promised
    ending = value === undefined ? done : { threw: false, value }
  } catch (thrown) {
    ending = { threw: true, value: thrown }
  }
  if (attempt.cleanups) await cleanUp(attempt)
  attempt.ended = true
  return ending
}

function end(attempt: Attempt, ending: Ending): Ending | Promise<Ending> {
  if (attempt.cleanups) {
    return cleanUp(attempt).then(() => {
      attempt.ended = true
      return ending
    })
  }
  attempt.ended = true
  return ending
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
