import { type ErrorCode, errorTable } from './error-table.ts'

/** What a particular error adds to its row of the table. */
export interface Particulars {
  /** What happened, where: one sentence with the names of this case. */
  readonly what: string
  /** Why, when it isn't plain from `what`. */
  readonly why?: string
  /** Overrides the table's fix. */
  readonly fix?: string
  readonly cause?: unknown
}

/** redrive's own errors: one class, a code from one table. Branch on `code`, never on the message. */
export class RedriveError extends Error {
  override readonly name = 'RedriveError'
  readonly code: ErrorCode
  readonly exitCode: number
  readonly retryable: boolean
  readonly what: string
  readonly why: string | undefined
  readonly fix: string

  constructor(code: ErrorCode, particulars: Particulars) {
    const row = errorTable[code]
    super(`${code}: ${particulars.what}`, particulars.cause === undefined ? {} : { cause: particulars.cause })
    this.code = code
    this.exitCode = row.exitCode
    this.retryable = row.retryable
    this.what = particulars.what
    this.why = particulars.why
    this.fix = particulars.fix ?? row.fix
  }
}
