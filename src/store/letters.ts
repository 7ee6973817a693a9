import type { LetterRecord, PayloadVersion } from '../model/letter.ts'
import type { QueryNode } from '../model/query.ts'
import type { Asked, Page, Paged } from './page.ts'

/** The quarantine, to be asked. Acts on it are operations. */
export interface Letters {
  get(id: string): Promise<LetterRecord | undefined>
  /** By the item it is of. */
  at(batchId: string, position: number): Promise<LetterRecord | undefined>
  /** Newest first. Letters that are resolved are left out unless the query names a state. */
  list(query: QueryNode | undefined, page: Page): Promise<Paged<LetterRecord>>
  count(query: QueryNode | undefined, asked?: Asked): Promise<number>
  /** All versions of the payload, oldest first. */
  versions(id: string): Promise<readonly PayloadVersion[]>
  /** What happened to it, oldest first. */
  lineage(id: string): Promise<readonly LineageEntry[]>
  /** Counts by state, type, disposition, view and job. */
  stats(query: QueryNode | undefined, asked?: Asked): Promise<LetterStats>
  /** Error groups by the letters they have in quarantine, then failures, most first. Without a query all of them; with one those that have letters it matches, and only these are counted. */
  groups(query: QueryNode | undefined, page: Page): Promise<Paged<ErrorGroup>>
  group(id: string): Promise<ErrorGroup | undefined>
}

export interface LineageEntry {
  readonly atMs: number
  readonly what: 'quarantined' | 'redriven' | 'succeeded' | 'skipped' | 'edited' | 'discarded' | 'undiscarded'
  readonly generation: number
  readonly by: string
  readonly reason?: string
  readonly operation?: string
  /** Why it was quarantined, or which payload version it was edited to. */
  readonly detail?: string
}

export interface LetterStats {
  readonly total: number
  readonly byState: { readonly [state: string]: number }
  readonly byType: { readonly [type: string]: number }
  readonly byDisposition: { readonly [disposition: string]: number }
  readonly byView: { readonly [view: string]: number }
  readonly byJob: { readonly [job: string]: number }
  readonly oldestAtMs?: number
}

export interface ErrorGroup {
  readonly id: string
  readonly fingerprint: string
  readonly title: string
  readonly type: string
  readonly disposition: string
  /** Failed attempts, those that a retry healed among them. */
  readonly failures: number
  /** Dead letters in quarantine. */
  readonly letters: number
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
}
