import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { RedriveError } from '../model/redrive-error.ts'
import type { Comparison } from './source.ts'

/** What is known of a file's bytes: SHA-256 of its first and last 64 KiB. */
export interface FileEnds {
  readonly sizeBytes: number
  readonly headHash: string
  readonly tailHash: string
}
/** What a file was when its batch began. */
export interface FileEvidence extends FileEnds {
  readonly mtimeMs: number
  /** How the file is read, as far as that changes its rows: the delimiter. */
  readonly reading?: string
  /** Of a file that grew: what it was up to its old size. */
  readonly before?: FileEnds
}

const endBytes = 65_536

/** Looks at a file: its size, its times and both ends; of a file that grew beyond `keptBytes` also at where it ended then. Rejects with RD-1201 or RD-1202. */
export async function fileEvidence(path: string, keptBytes?: number): Promise<FileEvidence> {
  let handle: FileHandle
  let stats: Stats
  try {
    stats = await stat(path)
    // before open(), which would wait at a named pipe for its writer
    if (!stats.isFile()) throw notAFile(path, stats)
    handle = await open(path, 'r')
  } catch (error) {
    throw error instanceof RedriveError ? error : notReadable(path, error)
  }
  try {
    const ends = await endsOf(handle, stats.size)
    const before = keptBytes !== undefined && keptBytes < stats.size ? await endsOf(handle, keptBytes) : undefined
    return { ...ends, mtimeMs: stats.mtimeMs, ...(before && { before }) }
  } catch (error) {
    throw notReadable(path, error)
  } finally {
    await handle.close()
  }
}

/** How a file differs from what it was. The middle of a file of the same size isn't looked at. */
export function compareFiles(kept: unknown, now: FileEvidence): Comparison {
  if (!isEvidence(kept)) return { same: false, differs: 'what is kept of it cannot be compared' }
  if (kept.reading !== now.reading)
    return {
      same: false,
      differs: `it was read with ${kept.reading ?? 'other options'}, now with ${now.reading ?? 'others'}`,
    }
  const growth = now.sizeBytes - kept.sizeBytes
  if (growth < 0) return { same: false, differs: `shrank by ${-growth} bytes` }
  const old = growth === 0 ? now : now.before
  const changed = old && changedEnds(kept, old)
  if (growth > 0) {
    if (old === undefined) return { same: false, differs: `grew by ${growth} bytes` }
    const part = changed === undefined ? 'the old part is unchanged' : `the old part has changed ${changed}`
    return { same: false, differs: `grew by ${growth} bytes, ${part}` }
  }
  if (changed !== undefined) return { same: false, differs: `has the same size, but has changed ${changed}` }
  if (kept.mtimeMs === now.mtimeMs) return { same: true }
  return { same: true, warning: 'it was written again since; its size and both its ends are the same' }
}

/** A file that can't be opened or read: RD-1201. */
export function notReadable(path: string, cause: unknown): RedriveError {
  const code = (cause as { code?: unknown } | null)?.code
  const why =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? 'does not exist'
      : code === 'EACCES'
        ? 'may not be read'
        : `cannot be read: ${String(cause)}`
  return new RedriveError('RD-1201', { what: `${path} ${why}`, cause })
}

function notAFile(path: string, stats: Stats): RedriveError {
  const what = stats.isDirectory() ? 'is a folder' : 'is no regular file'
  const fix = stats.isDirectory()
    ? 'Give the path of a file, or files() with a glob.'
    : 'Give the stream itself (process.stdin), or a file.'
  return new RedriveError('RD-1202', { what: `${path} ${what}`, fix })
}

async function endsOf(handle: FileHandle, sizeBytes: number): Promise<FileEnds> {
  const length = Math.min(endBytes, sizeBytes)
  return {
    sizeBytes,
    headHash: await hashAt(handle, 0, length),
    tailHash: await hashAt(handle, sizeBytes - length, length),
  }
}

async function hashAt(handle: FileHandle, position: number, length: number): Promise<string> {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return createHash('sha256').update(bytes.subarray(0, read)).digest('hex')
}

function changedEnds(kept: FileEnds, now: FileEnds): string | undefined {
  const head = kept.headHash !== now.headHash
  const tail = kept.tailHash !== now.tailHash
  if (head && tail) return 'at its beginning and at its end'
  if (head) return 'at its beginning'
  return tail ? 'at its end' : undefined
}

function isEvidence(value: unknown): value is FileEvidence {
  if (typeof value !== 'object' || value === null) return false
  const { sizeBytes, headHash, tailHash } = value as Partial<FileEvidence>
  return typeof sizeBytes === 'number' && typeof headHash === 'string' && typeof tailHash === 'string'
}
