import type { Disposition } from '../model/classification.ts'

/**
 * What `ctx.fail(disposition, message)` throws. Its disposition is the verdict, its type `business`, unless a rule of the user's
 * own says otherwise; it is known by name and code, so that it survives the way out of a worker.
 */
export class FailError extends Error {
  override readonly name = 'FailError'
  readonly code = 'FAIL'
  readonly disposition: Disposition

  constructor(disposition: Disposition, message: string) {
    super(message)
    this.disposition = disposition
  }
}
