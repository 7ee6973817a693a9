import type { ByteWindow } from './byte-window.ts'
import { makeReader } from './reader.ts'
import type { Entry, Reader } from './source.ts'

/** Entries in one chunk at most. */
export const chunkEntriesMax = 1_000
/** Longest row: 64 MiB. A longer one is unreadable, and skipped without being held in memory. */
export const rowBytesMax = 67_108_864

/** Cuts a format's bytes into entries. */
export interface Cutter {
  /** Takes entries (at most 1,000) from the window and consumes their bytes; with nothing consumed more bytes are needed. */
  take(window: ByteWindow): Entry[]
  /** What the cutter needs, besides position, byte and line, to start at the first of the entries it took last. */
  readonly state: unknown
  /** Nothing of interest comes any more. */
  readonly done?: boolean
}

/** Reads a window to its end, chunk by chunk. A cutter that has to be made from the first bytes is made when the first chunk is asked for. */
export function textReader(window: ByteWindow, begin: Cutter | (() => Promise<Cutter>)): Reader {
  let cutter = typeof begin === 'function' ? undefined : begin
  return makeReader({
    async produce() {
      cutter ??= await (begin as () => Promise<Cutter>)()
      while (!cutter.done) {
        const before = window.offset
        const entries = cutter.take(window)
        const first = entries[0]
        if (first) {
          const cursor = { position: first.position, byte: first.byte!, line: first.line!, state: cutter.state }
          return { cursor, entries }
        }
        if (window.offset > before) continue
        if (window.ended) return undefined
        await window.more()
      }
      return undefined
    },
    release: () => window.close(),
  })
}
