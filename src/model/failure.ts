/** A failure in its normal form: what any thrown value becomes. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly code?: string
  /** HTTP or gRPC status. */
  readonly status?: number
  /** The whole chain, flat, from the outermost cause to the innermost; each with empty `causes`. At most 16. */
  readonly causes: readonly Failure[]
  /** Same for failures of the same cause: `v1:` and 16 hex digits. */
  readonly fingerprint: string
}

/** A failure with all that capture found; bounded to 16 KiB as JSON. */
export interface CapturedFailure extends Failure {
  readonly causes: readonly CapturedFailure[]
  /** At most 4 KiB; read only when the failure is kept. */
  readonly stack?: string
  /** The server's `Retry-After` in milliseconds, at most 24 h. */
  readonly retryAfterMs?: number
  /** Scalars found on the error that explain it: `syscall`, `path`, `hostname`, `constraint`, `issues`, … */
  readonly details?: { readonly [name: string]: string | number | boolean }
  /** What was thrown, if it was no error: `null`, `string`, `proxy`, … */
  readonly thrown?: string
  /** Something was cut to fit. */
  readonly truncated?: boolean
}
