import { askUser } from './ask-user.ts'
import type { ResolvedRule } from './retry-rule.ts'

/** Where a delay takes its chance from. */
export interface Dice {
  /** In [0, 1). */
  readonly random: () => number
  /** Delay before the last retry, for `decorrelated`. Default: a walk from the base. */
  readonly previousMs?: number
}

/** A delay, and why the user's own backoff was not followed. */
export interface Delay {
  /** Whole milliseconds. */
  readonly delayMs: number
  readonly setAside?: string
}

/**
 * Wait before a retry (from 1) in whole milliseconds, never above `maxMs`. `exponential` lies within
 * `[0, min(maxMs, baseMs·factor^(retry-1))]`. A function's bad answer (a throw, NaN, a negative) gives way to exponential.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ (full, equal and decorrelated jitter).
 */
export function delayMs(rule: ResolvedRule, retry: number, dice: Dice): number {
  return computeDelay(rule, retry, dice).delayMs
}

/** `delayMs`, saying also whether the user's function was set aside. */
export function computeDelay(rule: ResolvedRule, retry: number, dice: Dice): Delay {
  const nth = Number.isFinite(retry) ? Math.max(1, Math.floor(retry)) : 1
  if (rule.backoff === 'decorrelated') return { delayMs: decorrelated(rule, nth, dice) }
  if (typeof rule.backoff !== 'function') return { delayMs: jittered(rule, boundMs(rule, nth), dice.random) }
  const { backoff } = rule
  const asked = askUser(() => backoff(nth), isDelay)
  // The user's answer is taken as it is: whoever computes a delay has put the chance in that he wants.
  if ('answer' in asked) return { delayMs: Math.floor(Math.min(asked.answer, rule.maxMs)) }
  return { delayMs: jittered(rule, boundMs(rule, nth), dice.random), setAside: asked.failed }
}

/** Longest wait before jitter. */
function boundMs(rule: ResolvedRule, nth: number): number {
  // 0 · ∞ would be NaN.
  if (rule.baseMs === 0) return 0
  return Math.min(rule.maxMs, rule.baseMs * growth(rule, nth))
}

function growth(rule: ResolvedRule, nth: number): number {
  if (rule.backoff === 'fixed') return 1
  if (rule.backoff === 'linear') return nth
  if (rule.backoff === 'fibonacci') return fibonacci(nth)
  return rule.factor ** (nth - 1)
}

/** 1, 1, 2, 3, 5, …; the cap is reached long before the 80th. */
function fibonacci(nth: number): number {
  let [current, next] = [1, 1]
  for (let i = 1; i < Math.min(nth, 80); i++) [current, next] = [next, current + next]
  return current
}

function jittered(rule: ResolvedRule, bound: number, random: () => number): number {
  const highest = Math.floor(bound)
  if (rule.jitter === 'none') return highest
  return between(rule.jitter === 'equal' ? Math.ceil(highest / 2) : 0, highest, random)
}

/** `min(maxMs, between(baseMs, 3 · the last delay))`; without a last delay the walk is made from the base. */
function decorrelated(rule: ResolvedRule, nth: number, dice: Dice): number {
  const base = Math.min(Math.floor(rule.baseMs), Math.floor(rule.maxMs))
  const step = (lastMs: number) => between(base, Math.max(base, Math.min(rule.maxMs, lastMs * 3)), dice.random)
  if (dice.previousMs !== undefined && dice.previousMs >= 0) return step(dice.previousMs)
  let current = base
  // The walk forgets its start within a few steps: longer ones change nothing but time.
  for (let i = 0; i < Math.min(nth, 50); i++) current = step(current)
  return current
}

/** A whole number in [low, high], each equally likely. */
function between(low: number, high: number, random: () => number): number {
  const dice = random()
  const share = dice >= 0 && dice < 1 ? dice : 0.5
  return low + Math.floor(share * (Math.floor(high) - low + 1))
}

function isDelay(answer: unknown): boolean {
  return typeof answer === 'number' && Number.isFinite(answer) && answer >= 0
}
