import { encodePayload } from '../model/payload-codec.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Chunk, Cursor, Entry, Reader } from '../source/source.ts'
import type { Committer } from './committer.ts'

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
  /** Where reading begins: entries before `from` are known and dropped. */
  readonly cursor: Cursor
  readonly read: number
  /** At most so many entries in all. */
  readonly limit?: number
  /** Known positions are dropped: they ended, or have a row. */
  readonly known: (position: number) => boolean
  /** Given for a source that can't be read again: rows are durable before they are given out. */
  readonly spoolTo?: Committer
  /** Something is there, or the end. */
  readonly onReady: () => void
  readonly onBroken: (error: RedriveError) => void
}

export function createFeed(options: FeedOptions): Feed {
  const { reader, limit = Number.POSITIVE_INFINITY } = options
  let entries: readonly Entry[] = []
  let at = 0
  let next: readonly Entry[] | undefined
  let ended = false
  let reading = false
  let read = options.read
  /** Where the chunks begin that the watermark has not passed. */
  const cursors: Cursor[] = [options.cursor]

  const readOn = () => {
    if (reading || ended || next !== undefined) return
    reading = true
    reader.next().then(arrived, (cause: unknown) => {
      reading = false
      ended = true
      options.onBroken(sourceBroke(cause))
    })
  }

  const arrived = (chunk: Chunk | undefined) => {
    reading = false
    if (chunk === undefined) {
      ended = true
      options.onReady()
      return
    }
    cursors.push(chunk.cursor)
    const unknown = chunk.entries.filter((entry) => entry.position < limit && !options.known(entry.position))
    if (chunk.entries.length > 0 && chunk.entries.at(-1)!.position >= limit - 1) ended = true
    const give = () => {
      next = unknown
      if (unknown.length === 0) {
        next = undefined
        if (ended) options.onReady()
        else readOn()
      } else options.onReady()
    }
    if (!options.spoolTo || unknown.length === 0) return give()
    options.spoolTo.spool(unknown.map((entry) => ({ position: entry.position, body: spoolBody(entry) })))
    reading = true
    options.spoolTo.afterCommit(() => {
      reading = false
      give()
    })
  }

  const advance = () => {
    entries = next ?? []
    next = undefined
    at = 0
    readOn()
  }

  readOn()

  return {
    take() {
      if (at >= entries.length) {
        if (next === undefined) {
          readOn()
          return undefined
        }
        advance()
      }
      const entry = entries[at++]!
      if (entry.position >= read) read = entry.position + 1
      return entry
    },
    get ready() {
      return at < entries.length || next !== undefined
    },
    get done() {
      return ended && !reading && at >= entries.length && next === undefined
    },
    get read() {
      return read
    },
    cursorAt(position) {
      while (cursors.length > 1 && cursors[1]!.position <= position) cursors.shift()
      return cursors[0]!
    },
    async close() {
      ended = true
      await reader.close()
    },
  }
}

/** An entry as the spool keeps it: enough to give it again. */
export function spoolBody(entry: Entry): string {
  if (entry.unreadable) {
    const { error, raw } = entry.unreadable
    const code = (error as Error & { code?: string }).code
    return JSON.stringify({ unreadable: { name: error.name, message: error.message, ...(code && { code }) }, raw, line: entry.line, byte: entry.byte })
  }
  const encoded = encodePayload(entry.payload)
  // What can't be kept still runs now; after a crash its place says why it is gone.
  const payload = encoded.ok ? { payload: encoded.text } : { lost: encoded.why, picture: encoded.picture }
  return JSON.stringify({ ...payload, line: entry.line, byte: entry.byte })
}

function sourceBroke(cause: unknown): RedriveError {
  if (cause instanceof RedriveError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new RedriveError('RD-1204', { what: `the source broke while it was read: ${why}`, cause })
}
