import type { RetryRule } from '../model/policy.ts'
import { delayMs } from '../policy/backoff.ts'
import { resolveRule } from '../policy/retry-rule.ts'
import { type World, world } from './world.ts'

/**
 * Delays in whole milliseconds, by the retry's number from 1: within `[0, min(max, base·factor^(retry-1))]` unless the rule
 * says otherwise. Throws RD-1101 or RD-1102 for a bad rule.
 */
export function backoff(rule?: RetryRule): (retry: number) => number {
  return createBackoff(rule, world)
}

/** `backoff` with dice of one's own. */
export function createBackoff(
  rule: RetryRule | undefined,
  { random }: Pick<World, 'random'>,
): (retry: number) => number {
  const resolved = resolveRule(rule)
  return (retry) => delayMs(resolved, retry, { random })
}
