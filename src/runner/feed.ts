import { RedriveError } from '../model/redrive-error.ts'
import type { Chunk, Cursor, Entry, Reader } from '../source/source.ts'
import type { Committer } from './committer.ts'
import { spoolBody } from './spool-body.ts'

/** The source as the intake sees it: entries that are there now, read ahead by one chunk, never more. */
export interface Feed {
  /** The next entry, if one is there; else undefined, and reading is under way unless `done`. */
  take(): Entry | undefined
  /** An entry is there now. */
  readonly ready: boolean
  /** The source has no more, and all it gave was taken. */
  readonly done: boolean
  /** Entries taken, from the first of the batch on. */
  readonly read: number
  /** Cursor at or before this position, which must not be below an earlier one. */
  cursorAt(position: number): Cursor
  close(): Promise<void>
}

export interface FeedOptions {
  readonly reader: Reader
  /** Where reading begins. */
  readonly cursor: Cursor
  readonly read: number
  /** At most so many entries in all. */
  readonly limit?: number
  /** Known positions are dropped: they ended, or have a row. */
  readonly known: (position: number) => boolean
  /** From here on nothing is known: chunks are taken whole. */
  readonly knownEnd: () => number
  /** Given for a source that can't be read again: rows are durable before they are given out. */
  readonly spoolTo?: Committer
  /** Something is there, or the end. */
  readonly onReady: () => void
  readonly onBroken: (error: RedriveError) => void
}

export function createFeed(options: FeedOptions): Feed {
  const feed = new ReadAhead(options)
  feed.readOn()
  return feed
}

const nothing: readonly Entry[] = []

class ReadAhead implements Feed {
  read: number
  private readonly options: FeedOptions
  private readonly limit: number
  private entries = nothing
  private at = 0
  private next = nothing
  private ended = false
  private reading = false
  /** Where the chunks begin that the watermark has not passed. */
  private readonly cursors: Cursor[]

  constructor(options: FeedOptions) {
    this.options = options
    this.read = options.read
    this.limit = options.limit ?? Number.POSITIVE_INFINITY
    this.cursors = [options.cursor]
  }

  take(): Entry | undefined {
    if (this.at >= this.entries.length) {
      this.entries = this.next
      this.next = nothing
      this.at = 0
      this.readOn()
      if (this.entries.length === 0) return undefined
    }
    const entry = this.entries[this.at++]!
    if (entry.position >= this.read) this.read = entry.position + 1
    return entry
  }

  get ready(): boolean {
    return this.at < this.entries.length || this.next.length > 0
  }

  get done(): boolean {
    return this.ended && !this.reading && !this.ready
  }

  cursorAt(position: number): Cursor {
    while (this.cursors.length > 1 && this.cursors[1]!.position <= position) this.cursors.shift()
    return this.cursors[0]!
  }

  async close(): Promise<void> {
    this.ended = true
    await this.options.reader.close()
  }

  readOn(): void {
    if (this.reading || this.ended || this.next.length > 0) return
    this.reading = true
    this.options.reader.next().then(
      (chunk) => this.arrived(chunk),
      (cause: unknown) => {
        this.reading = false
        this.ended = true
        this.options.onBroken(sourceBroke(cause))
      },
    )
  }

  private arrived(chunk: Chunk | undefined): void {
    if (chunk === undefined) this.ended = true
    const unknown = chunk ? this.unknownOf(chunk) : nothing
    const { spoolTo } = this.options
    if (!spoolTo || unknown.length === 0) this.give(unknown)
    else this.spool(unknown, spoolTo)
  }

  private spool(entries: readonly Entry[], spoolTo: Committer): void {
    spoolTo.spool(entries.map((entry) => ({ position: entry.position, body: spoolBody(entry) })))
    spoolTo.afterCommit(() => this.give(entries))
  }

  private unknownOf(chunk: Chunk): readonly Entry[] {
    this.cursors.push(chunk.cursor)
    const last = chunk.entries.at(-1)
    if (last && last.position >= this.limit - 1) this.ended = true
    else if (chunk.cursor.position >= this.options.knownEnd()) return chunk.entries
    return chunk.entries.filter((entry) => entry.position < this.limit && !this.options.known(entry.position))
  }

  private give(entries: readonly Entry[]): void {
    this.reading = false
    this.next = entries
    if (entries.length > 0 || this.ended) this.options.onReady()
    else this.readOn()
  }
}

function sourceBroke(cause: unknown): RedriveError {
  if (cause instanceof RedriveError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new RedriveError('RD-1204', { what: `the source broke while it was read: ${why}`, cause })
}
