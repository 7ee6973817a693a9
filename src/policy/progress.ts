import type { Uncounted } from '../model/decision.ts'

/** What an item's failures of one generation add up to; kept in the ledger with the item. */
export interface Progress {
  /** Counted failures by policy key. */
  readonly counted: Readonly<Record<string, number>>
  /** Attempts that didn't count, by reason; each reason has a limit of its own. */
  readonly uncounted?: Readonly<Record<string, number>>
  /** Of the first counted failure. */
  readonly firstFailedAtMs?: number
  /** Waits since then that are no elapsed time: held, throttled, asked for by a server. */
  readonly excludedMs: number
  /** Wait before the last counted retry, as the policy computed it. */
  readonly lastDelayMs?: number
}

/** Before the first failure. */
export const noProgress: Progress = { counted: {}, excludedMs: 0 }

/**
 * Adds time that doesn't count as elapsed; before the first counted failure no time counts, so there it changes nothing.
 * The runner says so when it releases an item that was held.
 */
export function excludeMs(progress: Progress, waitedMs: number): Progress {
  return waitedMs > 0 && progress.firstFailedAtMs !== undefined
    ? { ...progress, excludedMs: progress.excludedMs + waitedMs }
    : progress
}

/** Counts a failure under a policy key. */
export function countFailure(progress: Progress, key: string, nowMs: number): Progress {
  return {
    ...progress,
    counted: addOne(progress.counted, key),
    firstFailedAtMs: progress.firstFailedAtMs ?? nowMs,
  }
}

/** Notes an attempt that wasn't the item's fault. */
export function noteUncounted(progress: Progress, reason: Uncounted): Progress {
  return { ...progress, uncounted: addOne(progress.uncounted ?? {}, reason) }
}

/** Counted failures under all keys. */
export function countedInAll(progress: Progress): number {
  let sum = 0
  for (const key of Object.keys(progress.counted)) sum += progress.counted[key] ?? 0
  return sum
}

function addOne(counts: Readonly<Record<string, number>>, key: string): Record<string, number> {
  return { ...counts, [key]: (counts[key] ?? 0) + 1 }
}
