/** What can be done about a failure, mildest first. */
export const dispositions = ['transient', 'recoverable', 'permanent', 'fatal'] as const
/** What can be done about a failure. */
export type Disposition = (typeof dispositions)[number]

/** What kind of failure it is. */
export const errorTypes = [
  'network',
  'timeout',
  'filesystem',
  'memory',
  'validation',
  'parsing',
  'schema',
  'auth',
  'rate_limit',
  'conflict',
  'dependency',
  'business',
  'system',
  'unknown',
] as const
/** What kind of failure it is. */
export type ErrorType = (typeof errorTypes)[number]

/** How bad a failure is, mildest first. */
export const severities = ['info', 'warning', 'error', 'critical'] as const
/** How bad a failure is. */
export type Severity = (typeof severities)[number]

/** What an error is, and how sure that is. */
export interface Classification {
  readonly disposition: Disposition
  readonly type: ErrorType
  readonly severity: Severity
  readonly code?: string
  /** 0..1. */
  readonly confidence: number
  /** What to do, for a person: one sentence. */
  readonly recommended: string
  readonly by: 'rule' | 'model' | 'operator' | 'fallback'
  /** Which rule, and on what evidence. */
  readonly why: string
}
