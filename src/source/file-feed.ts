import { type FileHandle, open } from 'node:fs/promises'
import { RedriveError } from '../model/redrive-error.ts'
import type { ByteFeed } from './byte-window.ts'
import { notReadable } from './file-identity.ts'

/** Which bytes of which file: `[from, until)`. */
export interface FileRange {
  readonly path: string
  readonly from: number
  readonly until: number
}

/** Reads a file up to the size it had at the batch's start. A file that ends before that is a source that broke (RD-1204). */
export async function fileFeed({ path, from, until }: FileRange): Promise<ByteFeed> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    throw notReadable(path, error)
  }
  let at = from
  return {
    async read(into, start) {
      const wanted = Math.min(into.length - start, until - at)
      if (wanted <= 0) return 0
      const { bytesRead } = await handle.read(into, start, wanted, at).catch((cause: unknown) => {
        throw new RedriveError('RD-1204', {
          what: `${path} could not be read on at byte ${at}: ${String(cause)}`,
          cause,
        })
      })
      if (bytesRead === 0) {
        throw new RedriveError('RD-1204', {
          what: `${path} ends at byte ${at}, but had ${until} bytes when the batch began`,
          why: 'The file was cut while it was read.',
        })
      }
      at += bytesRead
      return bytesRead
    },
    close: () => handle.close(),
  }
}
