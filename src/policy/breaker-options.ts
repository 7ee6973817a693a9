import type { BreakerOptions } from '../model/policy.ts'
import { readDuration, readFields, readNumber } from './check-options.ts'

/** Breaker options with everything said; times in milliseconds. */
export interface ResolvedBreaker {
  readonly failureRate: number
  readonly over: number
  /** Infinity: no call is slow. */
  readonly slowMs: number
  readonly slowRate: number
  readonly openMs: number
}

const defaults: ResolvedBreaker = {
  failureRate: 0.5,
  over: 100,
  slowMs: Number.POSITIVE_INFINITY,
  slowRate: 1,
  openMs: 5_000,
}
const fieldNames = ['failureRate', 'over', 'slow', 'slowRate', 'open'] as const

/** Checks breaker options. Throws RD-1101 for a value, RD-1102 for a field that is not known, with the place as `path` has it. */
export function resolveBreaker(options: BreakerOptions | undefined, path = 'breaker'): ResolvedBreaker {
  if (options === undefined) return defaults
  const read: { -readonly [Field in keyof ResolvedBreaker]: ResolvedBreaker[Field] } = { ...defaults }
  for (const [name, value] of readFields(options, path, fieldNames)) {
    const at = `${path}.${name}`
    if (name === 'failureRate') read.failureRate = readNumber(value, at, { min: 0, max: 1 })
    if (name === 'over') read.over = readNumber(value, at, { min: 1, max: 1_000_000, isWhole: true })
    if (name === 'slow') read.slowMs = readDuration(value, at)
    if (name === 'slowRate') read.slowRate = readNumber(value, at, { min: 0, max: 1 })
    if (name === 'open') read.openMs = readDuration(value, at)
  }
  return read
}
