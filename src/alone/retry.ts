import type { RetryPolicy } from '../model/policy.ts'
import { invalid } from '../policy/check-options.ts'
import { decide } from '../policy/decide.ts'
import { noProgress } from '../policy/progress.ts'
import { type ResolvedPolicy, resolvePolicy } from '../policy/resolve-policy.ts'
import { judge } from './judge.ts'
import { type World, world } from './world.ts'

/** Given to the function with each attempt. */
export interface RetryAttempt {
  /** From 1. */
  readonly attempt: number
  /** Aborts when this attempt has failed, so that what it left running ends before the next one. */
  readonly signal: AbortSignal
}

/** Retrying without a batch. */
export interface Retry {
  /**
   * Calls `fn` until it succeeds or the policy ends it (by default 4 attempts within 5 minutes; at most 25 in all), then
   * rejects with what was thrown last, unchanged. Errors are classified: what is permanent or fatal isn't retried unless the
   * policy says how. A server's `Retry-After` is a floor for the wait. Rejects with RD-1101 or RD-1102 for a bad policy.
   */
  <Result>(fn: (attempt: RetryAttempt) => Result | Promise<Result>, policy?: RetryPolicy): Promise<Result>
  /** The same function, retried; `this` and arguments are passed on. Throws RD-1101 or RD-1102 for a bad policy. */
  wrap<AsyncFunction extends (...args: never) => Promise<unknown>>(
    fn: AsyncFunction,
    policy?: RetryPolicy,
  ): AsyncFunction
}

/** Retrying without a batch. */
export const retry: Retry = createRetry(world)

/** `retry` in another world. */
export function createRetry(world: World): Retry {
  const once = async <Result>(fn: (attempt: RetryAttempt) => Result | Promise<Result>, policy?: RetryPolicy) =>
    run(fn, readPolicy(policy), world)
  return Object.assign(once, {
    wrap<AsyncFunction extends (...args: never) => Promise<unknown>>(fn: AsyncFunction, policy?: RetryPolicy) {
      const resolved = readPolicy(policy)
      const wrapped = function (this: unknown, ...args: never) {
        return run(() => fn.apply(this, args), resolved, world)
      }
      Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true })
      Object.defineProperty(wrapped, 'length', { value: fn.length, configurable: true })
      return wrapped as AsyncFunction
    },
  })
}

async function run<Result>(
  fn: (attempt: RetryAttempt) => Result | Promise<Result>,
  policy: ResolvedPolicy,
  { now, wallNow, random, sleep }: World,
): Promise<Result> {
  let progress = noProgress
  for (let attempts = 1; ; attempts++) {
    const attempt = new LazyAttempt(attempts)
    try {
      return await fn(attempt)
    } catch (thrown) {
      attempt.abort(thrown)
      const judged = judge(thrown, { nowMs: wallNow() })
      const decided = decide({ ...judged, attempts, progress, nowMs: now() }, policy, random)
      if (decided.decision.kind !== 'retry') throw thrown
      progress = decided.progress
      await sleep(decided.decision.delayMs)
    }
  }
}

/** Makes its signal when it is first read: most functions never look. */
class LazyAttempt implements RetryAttempt {
  readonly attempt: number
  private controller: AbortController | undefined

  constructor(attempt: number) {
    this.attempt = attempt
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    return this.controller.signal
  }

  abort(reason: unknown): void {
    this.controller?.abort(reason)
  }
}

function readPolicy(policy: RetryPolicy | undefined): ResolvedPolicy {
  const resolved = resolvePolicy(policy)
  for (const [key, value] of Object.entries(policy ?? {})) {
    if (typeof value !== 'string') continue
    throw invalid(`policy.${key}`, value, {
      expected: 'a retry rule: a verdict has no meaning without a batch',
      fix: `Write policy.${key} as { attempts: … }, or leave it out.`,
    })
  }
  return resolved
}
