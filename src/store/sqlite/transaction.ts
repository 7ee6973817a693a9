import type { CommitGroup } from '../runs.ts'
import type { Connection } from './connection.ts'
import type { Ranges } from './known.ts'

/** A transaction as its parts see it. */
export interface Transaction {
  readonly connection: Connection
  readonly group: CommitGroup
  /** Number of the batch. */
  readonly batch: number
  /** What was known before this commit. */
  readonly known: () => Ranges
  /** Whether the batch has rows of kept successes. */
  readonly keepsSuccesses: () => boolean
}
