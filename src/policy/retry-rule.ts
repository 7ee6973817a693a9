import type { RetryRule } from '../model/policy.ts'
import { invalid, readDuration, readFields, readName, readNumber } from './check-options.ts'

/** A retry rule with everything said; times in milliseconds. */
export interface ResolvedRule {
  readonly attempts: number
  readonly backoff: NonNullable<RetryRule['backoff']>
  readonly baseMs: number
  readonly factor: number
  readonly maxMs: number
  readonly jitter: 'full' | 'equal' | 'none'
  readonly elapsedMs: number
  readonly when?: NonNullable<RetryRule['when']>
}

/** What holds where a policy says nothing. */
export const defaultRule: ResolvedRule = {
  attempts: 4,
  backoff: 'exponential',
  baseMs: 1_000,
  factor: 2,
  maxMs: 60_000,
  jitter: 'full',
  elapsedMs: 300_000,
}

const backoffs = ['exponential', 'fixed', 'linear', 'fibonacci', 'decorrelated'] as const
const jitters = ['full', 'equal', 'none'] as const
const fieldNames = ['attempts', 'backoff', 'base', 'factor', 'max', 'jitter', 'elapsed', 'when'] as const

/**
 * The fields that a rule gives, checked. Throws RD-1101 for a value, RD-1102 for a field that is not known; the message
 * names the place as `path` has it: `policy.transient.base`.
 */
export function readRule(rule: unknown, path: string): Partial<ResolvedRule> {
  const fields = readFields(rule, path, fieldNames)
  const read: { -readonly [Field in keyof ResolvedRule]?: ResolvedRule[Field] } = {}
  for (const [name, value] of fields) {
    const at = `${path}.${name}`
    if (name === 'attempts') read.attempts = readNumber(value, at, { min: 1, max: 1_000_000, isWhole: true })
    if (name === 'backoff') read.backoff = readBackoff(value, at)
    if (name === 'base') read.baseMs = readDuration(value, at)
    if (name === 'factor') read.factor = readNumber(value, at, { min: 1, max: 1_000 })
    if (name === 'max') read.maxMs = readDuration(value, at)
    if (name === 'jitter') read.jitter = readName(value, at, jitters)
    if (name === 'elapsed') read.elapsedMs = readDuration(value, at)
    if (name === 'when') read.when = readPredicate(value, at)
  }
  return read
}

/** A rule with the defaults where it says nothing. Throws as `readRule` does. */
export function resolveRule(rule: RetryRule | undefined, path = 'rule'): ResolvedRule {
  return rule === undefined ? defaultRule : { ...defaultRule, ...readRule(rule, path) }
}

function readBackoff(value: unknown, path: string): ResolvedRule['backoff'] {
  return typeof value === 'function' ? (value as (retry: number) => number) : readName(value, path, backoffs)
}

function readPredicate(value: unknown, path: string): NonNullable<RetryRule['when']> {
  if (typeof value === 'function') return value as NonNullable<RetryRule['when']>
  throw invalid(path, value, {
    expected: 'a function',
    fix: `Write ${path} as (failure) => boolean; it is asked before each retry.`,
  })
}
