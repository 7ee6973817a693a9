import type { Runs } from '../store/runs.ts'

/** Tells whether a key was seen before in the batch; for `duplicates` other than `run`. The source gives keys in order, so the lowest position is the first. */
export interface KeyGuard {
  /** Position of the item that has the key already; undefined if it is this one's from now on. */
  claim(key: string, position: number): Promise<number | undefined>
  /** The key of this position is in the ledger now. */
  durable(key: string): void
}

export function createKeyGuard(runs: Runs, batchId: string): KeyGuard {
  /** Claimed and not yet in the ledger: at most what runs, waits for its commit, and was read ahead. */
  const recent = new Map<string, number>()
  return {
    async claim(key, position) {
      const claimed = recent.get(key)
      if (claimed !== undefined) return claimed === position ? undefined : claimed
      recent.set(key, position)
      const kept = await runs.positionOfKey(batchId, key)
      if (kept === undefined || kept === position) return undefined
      recent.delete(key)
      return kept
    },
    durable: (key) => {
      recent.delete(key)
    },
  }
}
