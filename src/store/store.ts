/**
 * SEAM of the room: the ledger as everything above it sees it. Small interfaces in files of their own; an adapter
 * (SQLite, later PostgreSQL) answers all of them, `guard.ts` wraps any adapter and redacts whatever passes.
 * All times are milliseconds since 1970 by the caller's clock; an adapter has no clock of its own.
 * Every method rejects with a `RedriveError` of the 13xx or 14xx codes, never with a driver's error.
 */
import type { Cells } from './cells.ts'
import type { Changes } from './changes.ts'
import type { Letters } from './letters.ts'
import type { Operations } from './operations.ts'
import type { Runs } from './runs.ts'
import type { Series } from './series.ts'

export interface Store {
  /** What is committed outlives the process. */
  readonly durable: boolean
  /** As given, without credentials. */
  readonly url: string
  readonly runs: Runs
  readonly letters: Letters
  readonly operations: Operations
  readonly cells: Cells
  readonly series: Series
  readonly changes: Changes
  info(): Promise<StoreInfo>
  /** Full integrity check; empty when sound. */
  check(): Promise<readonly string[]>
  /** Lets go of everything. Twice is the same as once. */
  close(): Promise<void>
}

/** What `redrive store info` shows. */
export interface StoreInfo {
  readonly kind: 'sqlite' | 'model'
  readonly url: string
  /** Version of the engine, e.g. `SQLite 3.53.3`. */
  readonly engine: string
  readonly schemaVersion: number
  readonly sizeBytes: number
  readonly walBytes: number
  readonly batches: number
  readonly letters: number
  readonly operations: number
}
