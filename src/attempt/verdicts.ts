/** Thrown into the handler by `ctx.call` when the dependency's breaker is open: the attempt is held, whatever the handler makes of this. */
export class Held extends Error {
  override readonly name = 'Held'
  readonly code = 'RD-HELD'
  readonly dependency: string
  constructor(dependency: string) {
    super(`${dependency} is held: its breaker is open`)
    this.dependency = dependency
  }
}

/** Thrown into the handler by `ctx.call` when its turn is more than a second away: the attempt ends, uncounted, and waits without a slot. */
export class Throttled extends Error {
  override readonly name = 'Throttled'
  readonly code = 'RD-THROTTLED'
  readonly dependency: string
  constructor(dependency: string) {
    super(`${dependency} is at its limit: this item waits for its turn`)
    this.dependency = dependency
  }
}

/** Reason of the signal, and the failure of the attempt, when it took longer than allowed. */
export class AttemptTimeout extends Error {
  override readonly name = 'TimeoutError'
  readonly code = 'RD-TIMEOUT'
  constructor(what: string, limitMs: number, cause?: unknown) {
    super(`${what} took longer than ${limitMs} ms`, cause === undefined ? {} : { cause })
  }
}
