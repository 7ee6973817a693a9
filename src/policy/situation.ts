import type { Classification } from '../model/classification.ts'
import type { Decision, Uncounted } from '../model/decision.ts'
import type { CapturedFailure } from '../model/failure.ts'
import type { Progress } from './progress.ts'

/** A failed attempt and all that its decision depends on. */
export interface Situation {
  readonly classification: Classification
  readonly failure: CapturedFailure
  /** Handler runs of this generation so far, this one included. */
  readonly attempts: number
  /** Before this failure. */
  readonly progress: Progress
  readonly nowMs: number
  /** Set if the attempt wasn't the item's fault. */
  readonly uncounted?: Uncounted
  /** How long a throttled item waits for its turn. */
  readonly waitMs?: number
  readonly dependency?: DependencySituation
}

/** What is known about the dependency in which the attempt failed. */
export interface DependencySituation {
  readonly name: string
  /** Its breaker is not closed. */
  readonly open: boolean
  /** It has answered anybody successfully since this item's first failure. */
  readonly answeredSince: boolean
  /** Other items that failed there since its last answer. */
  readonly othersFailed: number
  /** Nobody else calls it. */
  readonly onlyCaller: boolean
}

/** What to do next, and what the ledger keeps about the item from now on. */
export interface Decided {
  readonly decision: Decision
  /** After this failure. */
  readonly progress: Progress
}

/** Longest `Retry-After` that is believed: 24 hours. */
const retryAfterMaxMs = 86_400_000

/** The server's wait in whole milliseconds, 0 if it asked for none. */
export function retryAfterOf(failure: CapturedFailure): number {
  const ms = failure.retryAfterMs
  return ms !== undefined && ms > 0 ? Math.ceil(Math.min(ms, retryAfterMaxMs)) : 0
}
