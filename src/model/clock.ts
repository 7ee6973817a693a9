/** Time, given in as an argument so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since 1970; may jump. For what is stored or shown. */
  wallMs(): number
  /** Milliseconds from anywhere; never jumps. For delays within a process. */
  monotonicMs(): number
  /** Calls `fn` once after `delayMs`; answers what takes that back. Keeps the process alive. */
  setTimer(fn: () => void, delayMs: number): () => void
}
