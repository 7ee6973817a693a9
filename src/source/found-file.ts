import { readFile } from 'node:fs/promises'
import { UnreadableError } from './unreadable-error.ts'

/** A file found by a glob. */
export interface FoundFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  bytes(): Promise<Uint8Array>
  /** Strict UTF-8: anything else is a failure of type `parsing`. A byte order mark at the start is left out. */
  text(): Promise<string>
}

/** The item of a reference. `absolute` is where the file is, `path` how it was found. */
export function foundFile({ path, absolute, size }: { path: string; absolute: string; size: number }): FoundFile {
  return {
    path,
    size,
    // a copy of its own: small buffers of Node share their memory
    bytes: async () => new Uint8Array(await readFile(absolute)),
    async text() {
      const bytes = await readFile(absolute)
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      } catch (cause) {
        throw new UnreadableError('TEXT_NOT_UTF8', `${path} is not UTF-8`, { cause })
      }
    },
  }
}
