import type { BatchState } from '../model/batch.ts'
import type { Counts } from '../model/item.ts'

/** Exit codes of every command, with what they mean. */
export const exitCodes = [
  [0, 'done, nothing quarantined'],
  [1, 'unexpected failure (a bug)'],
  [2, 'usage or configuration'],
  [3, 'finished, items in quarantine'],
  [4, 'stopped by a limit or a fatal error; resumable. Also: cancelled or rolled back by a person, for good'],
  [5, 'paused'],
  [6, 'store unreachable, locked, needs migration'],
  [7, 'nothing matched (with --require-match)'],
  [8, 'confirmation needed or declined; the count moved (--expect)'],
  [9, 'not allowed'],
  [130, 'interrupted by Ctrl-C; checkpoint written, resumable'],
  [143, 'interrupted by SIGTERM; checkpoint written, resumable'],
] as const satisfies readonly (readonly [number, string])[]

/**
 * What `run` exits with for a batch in this state. A cancelled or rolled-back batch did not do its work: a script that
 * goes on after 0 must not go on after it, so it exits like a stopped one. A running batch counts as it stands.
 */
export function exitCodeOf(state: BatchState, counts: Pick<Counts, 'quarantined' | 'compensation_failed'>): number {
  switch (state) {
    case 'completed':
      return 0
    case 'completed_with_failures':
      return 3
    case 'stopped':
    case 'cancelled':
    case 'rolled_back':
      return 4
    case 'paused':
      return 5
    case 'interrupted':
      return 130
    case 'running':
    case 'rolling_back':
      return counts.quarantined + counts.compensation_failed > 0 ? 3 : 0
  }
}
