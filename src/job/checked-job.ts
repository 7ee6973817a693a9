import type { BreakerOptions, StopWhen } from '../model/policy.ts'
import type { Report } from '../model/report.ts'
import type { Rule } from '../model/rule.ts'
import type { ResolvedPolicy } from '../policy/resolve-policy.ts'

/** A job whose options were all checked and resolved to numbers. What the runner works with. */
export interface CheckedJob {
  readonly name: string
  readonly concurrency: number
  readonly timeoutMs: number
  readonly deadlineMs?: number
  readonly stopWhen: StopWhen
  readonly dependencies: ReadonlyMap<string, CheckedDependency>
  readonly policy: ResolvedPolicy
  readonly rules: readonly Rule[]
  readonly keep?: 'items' | 'results'
  readonly duplicates: 'run' | 'skip' | 'quarantine'
  /** Nothing waits for company in a group commit. */
  readonly each: boolean
  readonly parked: number
  readonly secret: readonly string[]
  readonly index: readonly string[]
  readonly onComplete?: (report: Report) => unknown
  readonly run: (item: never, ctx: never) => unknown
  /** Set by redrive's loader when the job came from a file. */
  readonly file?: string
  readonly exportName?: string
  readonly codeVersion?: string
}

export interface CheckedDependency {
  readonly name: string
  /** False: no breaker. */
  readonly breaker: BreakerOptions | false
  readonly concurrency?: number
  /** Calls per millisecond. */
  readonly ratePerMs?: number
  readonly timeoutMs?: number
}
