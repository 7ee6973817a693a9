import type { Change } from '../model/event.ts'

/** The feed of everything that changed; starts of attempts and plain successes are not in it. Keeps at least the last 100,000. */
export interface Changes {
  /** Later than `seq`, oldest first; at most `limit` (default 1,000). */
  since(seq: number, limit?: number): Promise<readonly Change[]>
  /** Of the newest change; 0 when there is none. */
  latest(): Promise<number>
}
