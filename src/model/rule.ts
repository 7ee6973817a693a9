import type { Disposition, ErrorType, Severity } from './classification.ts'
import type { Failure } from './failure.ts'

/** Which errors a rule is for; all that is given must hold. */
export interface Match {
  /** Compared with the failure's code and its causes' codes. */
  code?: string
  name?: string
  status?: number
  /** A string must be contained; a pattern must match. */
  message?: string | RegExp
  dependency?: string
  stage?: string
  when?: (failure: Failure) => boolean
}
/** What a rule says; what is left out is decided by the next rule. */
export interface RuleVerdict {
  type?: ErrorType
  disposition?: Disposition
  severity?: Severity
  recommended?: string
}
/** A classification rule of the user's own. */
export interface Rule {
  readonly match: Match
  readonly verdict: RuleVerdict
}
/** Says what matching errors are; asked before the built-in rules. */
export function rule(match: Match, verdict: RuleVerdict): Rule {
  return { match, verdict }
}
