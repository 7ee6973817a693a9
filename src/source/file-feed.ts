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
  const next = async (block: Buffer, at: number): Promise<Block> => {
    const wanted = Math.min(block.length, until - at)
    if (wanted <= 0) return { bytes: block.subarray(0, 0), at, block }
    const { bytesRead } = await handle.read(block, 0, wanted, at).catch((cause: unknown) => {
      throw new RedriveError('RD-1204', { what: `${path} could not be read on at byte ${at}: ${String(cause)}`, cause })
    })
    if (bytesRead > 0) return { bytes: block.subarray(0, bytesRead), at, block }
    throw new RedriveError('RD-1204', {
      what: `${path} ends at byte ${at}, but had ${until} bytes when the batch began`,
      why: 'The file was cut while it was read.',
    })
  }
  // two blocks in turn: one is read while the rows of the other are used
  const ahead = (block: Buffer, at: number): Promise<Block> => {
    const reading = next(block, at)
    reading.catch(() => {})
    return reading
  }
  let spare: Buffer = Buffer.allocUnsafeSlow(blockBytes)
  let coming = ahead(Buffer.allocUnsafeSlow(blockBytes), from)
  let present: Block = { bytes: spare.subarray(0, 0), at: from, block: spare }
  return {
    async read(into, start) {
      if (present.bytes.length === 0) {
        spare = present.block
        present = await coming
        coming = ahead(spare, present.at + present.bytes.length)
      }
      const { bytes } = present
      const count = Math.min(bytes.length, into.length - start)
      bytes.copy(into, start, 0, count)
      present = { ...present, bytes: bytes.subarray(count) }
      return count
    },
    close: () => handle.close(),
  }
}

/** Bytes read into a block, of which the first is at `at` of the file. */
interface Block {
  readonly bytes: Buffer
  readonly at: number
  readonly block: Buffer
}

const blockBytes = 262_144
