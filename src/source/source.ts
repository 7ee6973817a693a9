/**
 * SEAM of the room: what the runner needs of any source of items.
 * A source is a description until `open` is called; nothing is read before.
 */

/** Where reading can start again: what lies before it was given already. Plain JSON, kept in every checkpoint. */
export interface Cursor {
  /** Position of the next entry, from 0. */
  readonly position: number
  /** Offset of its first byte, in bytes. */
  readonly byte?: number
  /** Line of its first byte, from 1, the header counted. */
  readonly line?: number
  /** What the adapter needs besides: the header of a CSV file, the index in a list of files, the last SQL key. */
  readonly state?: unknown
}

/** One row, line, element or file as the source gives it. */
export interface Entry {
  /** In the source, from 0. A row that can't be read has one too; blank lines and the header have none. */
  readonly position: number
  /** As read; null for a row that can't be read. */
  readonly payload: unknown
  readonly line?: number
  readonly byte?: number
  /** Set when the row can't be read: the error to classify (an `Error` with a code) and its text, at most 64 KiB. */
  readonly unreadable?: { readonly error: Error; readonly raw: string }
}

/** Some entries in order, and the cursor at which the first of them can be read again. */
export interface Chunk {
  readonly cursor: Cursor
  readonly entries: readonly Entry[]
}

/** A source being read. One owner; calls never overlap. */
export interface Reader {
  /** The next entries (1 to about 1,000), undefined at the end. Waits for the source; rejects only when the source itself fails (file gone, stream broken). */
  next(): Promise<Chunk | undefined>
  /** Lets go of handles; also while `next` is under way, which then answers undefined. Twice is the same as once. */
  close(): Promise<void>
}

/** What a source was when its batch began; kept in the ledger as JSON and compared on resume. */
export interface Identity {
  /** `csv`, `jsonl`, `json`, `files`, `iterable`, … */
  readonly kind: string
  readonly name: string
  /** Finds the unfinished batch of the same source: equal for the same path, glob list, name. Undefined when the source can't be named (an unnamed iterable, standard input). */
  readonly key?: string
  /** What the adapter compares: size and hashes, the sorted list of files, text and parameters. */
  readonly evidence?: unknown
}

/** How a kept identity and the present one differ. */
export type Comparison =
  | { readonly same: true; readonly warning?: string }
  /** `differs`: for people, e.g. `grew by 512 bytes, the old part is unchanged`. */
  | { readonly same: false; readonly differs: string }

/** What a payload becomes: the item that the handler gets and its key, or why it is refused. */
export type Shaped =
  | { readonly item: unknown; readonly key: string | undefined }
  /** `error` is what to classify: an error with the schema's `issues`, or the failure of `key`. */
  | { readonly refused: unknown; readonly key?: string }

/** A source as the runner sees it. */
export interface SourceAdapter {
  readonly name: string
  readonly kind: string
  /** False: the rows can't be read again (standard input, an unnamed iterable), so they are spooled in the ledger before they run. */
  readonly rereadable: boolean
  /** `kept` is the identity at the batch's start: with it a file that grew is looked at where it ended then, so that `compare` can say whether the old part is unchanged. */
  identify(kept?: Identity): Promise<Identity>
  compare(kept: Identity, now: Identity): Comparison
  /** Reads from the start or from a cursor of an earlier chunk. A stream is not waited for here: what is wrong with its beginning is told by the first `next`. `identity` is the one kept at the batch's start: a file is read up to the size it had then, a list of files is the list it was then. */
  open(identity: Identity, at?: Cursor): Promise<Reader>
  /** Parser, schema and key: payload as read (or as edited, or as kept in the ledger) to item. Never throws. */
  readonly shape: Shape
  /** Completes a payload before the ledger keeps it: `files()` adds the hash to its reference { path, sizeBytes, mtimeMs }. Default: as it is. */
  forKeeping?(payload: unknown): unknown | Promise<unknown>
  /** Reads the repaired text of one row, as the source would have (`state` is that of the chunk's cursor: a CSV header). */
  readRaw(raw: string, state: unknown): { readonly payload: unknown } | { readonly error: Error }
  /** The same source over another path (`redrive run job.ts INPUT`) or stream (`-`); undefined when it takes none. */
  withInput?(input: string | AsyncIterable<Uint8Array | string>): SourceAdapter
}
/** Undefined: payload is item and there is no key (the fast path asks nothing of such a source). */
export type Shape = ((payload: unknown) => Shaped | Promise<Shaped>) | undefined
