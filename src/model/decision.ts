import type { Disposition, ErrorType } from './classification.ts'

/** Why an attempt doesn't count against its item. */
export type Uncounted = 'throttled' | 'breaker_open' | 'probe' | 'interrupted' | 'deploy'

/** What to do next with an item, and why. Plain data: recorded in the ledger as it is. */
export type Decision =
  | { readonly kind: 'succeed'; readonly why: string }
  /** Again after `delayMs`; `countedUnder` is the policy key that this failure counts under, absent if it doesn't count. */
  | {
      readonly kind: 'retry'
      readonly delayMs: number
      readonly countedUnder?: Disposition | ErrorType
      readonly why: string
    }
  /** Until the dependency heals. */
  | {
      readonly kind: 'hold'
      readonly dependency: string
      readonly countedUnder?: Disposition | ErrorType
      readonly why: string
    }
  | { readonly kind: 'skip'; readonly why: string }
  | { readonly kind: 'quarantine'; readonly why: string }
  /** The item is quarantined and the batch stops. */
  | { readonly kind: 'stop'; readonly why: string }
  /** The item is quarantined, and what it did is undone. */
  | { readonly kind: 'compensate'; readonly why: string }
