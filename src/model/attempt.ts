import type { Classification } from './classification.ts'
import type { Decision, Uncounted } from './decision.ts'
import type { CapturedFailure } from './failure.ts'

/** One execution of the handler for an item, as the ledger keeps it. Plain first-attempt successes leave none. */
export interface AttemptRecord {
  /** From 1 within its generation. */
  readonly n: number
  readonly generation: number
  readonly stage?: string
  readonly startedAtMs: number
  readonly durationMs: number
  readonly outcome: 'succeeded' | 'skipped' | 'failed' | 'interrupted'
  /** Why it doesn't count; absent when it counts. */
  readonly uncounted?: Uncounted
  readonly failure?: CapturedFailure
  readonly classification?: Classification
  readonly decision: Decision
  /** The last lines that the handler logged, at most 20. */
  readonly logs?: readonly string[]
}
