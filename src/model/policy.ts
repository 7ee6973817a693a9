import type { Disposition, ErrorType } from './classification.ts'
import type { Duration, Percent, Rate } from './duration.ts'
import type { Failure } from './failure.ts'

/** How to retry. */
export interface RetryRule {
  /** Attempts in all, the first one counted. Default 4. */
  attempts?: number
  /** Default `'exponential'`. A function gets the retry's number (from 1) and answers milliseconds. */
  backoff?: 'exponential' | 'fixed' | 'linear' | 'fibonacci' | 'decorrelated' | ((retry: number) => number)
  /** First delay. Default `'1s'`. */
  base?: Duration
  /** Default 2. */
  factor?: number
  /** Longest delay. Default `'60s'`. */
  max?: Duration
  /** Default `'full'`. */
  jitter?: 'full' | 'equal' | 'none'
  /** From the first counted failure; held time doesn't count. Default `'5m'`. */
  elapsed?: Duration
  /** Retry only if this says so. */
  when?: (failure: Failure) => boolean
}

/** What else can be done with a failed item. */
export const verdicts = ['retry', 'quarantine', 'skip', 'stop', 'compensate'] as const
/** What else can be done with a failed item. */
export type Verdict = (typeof verdicts)[number]

/** By disposition or type; merged field by field, types win. */
export type Policy = { [Kind in Disposition | ErrorType]?: RetryRule | Verdict }
/** A policy without a batch: only retrying makes sense. */
export type RetryPolicy = { [Kind in Disposition | ErrorType]?: RetryRule }

/** When to stop the batch. */
export interface StopLimit {
  /** Failed items. */
  failures?: number
  /** Share of failed items, 0..1. */
  failureRate?: number
  /** Items that `failureRate` is measured over. Default 100. */
  over?: number
}
/** In all, and per type or disposition. */
export type StopWhen = StopLimit & { [Kind in Disposition | ErrorType]?: StopLimit }

/** When a breaker opens. */
export interface BreakerOptions {
  /** Share of failed calls, 0..1. Default 0.5. */
  failureRate?: number
  /** The last so many calls; judged from 20 (or `over`, if less) on. Default 100. */
  over?: number
  /** Calls slower than this count as slow. Default: none do. */
  slow?: Duration
  /** Share of slow calls, 0..1. Default 1. */
  slowRate?: number
  /** Time open before the first probe; doubles with each failed probe up to 60 s. Default `'5s'`. */
  open?: Duration
}

/** Something that the handler calls and that can be down. */
export interface DependencyOptions<Item> {
  breaker?: BreakerOptions | false
  /** Retries as a share of calls. Default `'20%'`. */
  budget?: Percent
  /** Calls at once, over all workers. Default: none. */
  concurrency?: number
  /** Calls per time. Default: no limit. */
  rate?: Rate
  /** Per call. Default: the attempt's. */
  timeout?: Duration
  /** A breaker and a budget for each; `undefined` shares one. */
  tenant?: (item: Item) => string | undefined
}
