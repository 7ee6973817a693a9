import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { RefusedError } from './shape.ts'

/** What is kept of a file instead of its content. */
export interface FileReference {
  /** As found: relative to the working directory. */
  readonly path: string
  readonly sizeBytes: number
  readonly mtimeMs: number
  /** SHA-256 of the content, in hex; added when the reference is kept. */
  readonly hash?: string
}

/** Adds the content's hash; leaves a reference as it is of which the file is gone or has changed already. */
export async function withHash(reference: FileReference, absolute: string): Promise<FileReference> {
  try {
    const stats = await stat(absolute)
    if (stats.size !== reference.sizeBytes || stats.mtimeMs !== reference.mtimeMs) return reference
    return { ...reference, hash: await hashFile(absolute) }
  } catch {
    return reference
  }
}

/** Why a kept or edited reference can't be run: its file is missing, changed, or it is no reference; else the file's size. */
export async function checkReference(
  payload: unknown,
  absolute: (path: string) => string,
): Promise<{ size: number } | { refused: RefusedError }> {
  const { path, sizeBytes, mtimeMs, hash } = (
    typeof payload === 'object' && payload !== null ? payload : {}
  ) as Partial<Record<keyof FileReference, unknown>>
  if (typeof path !== 'string' || path === '') {
    return { refused: new RefusedError('FILE_REFERENCE', 'the payload is no reference to a file: it has no path') }
  }
  const changed = (what: string) => ({
    refused: new RefusedError('FILE_CHANGED', `${path} has changed since it was read: ${what}`),
  })
  try {
    const stats = await stat(absolute(path))
    if (!stats.isFile()) return { refused: new RefusedError('FILE_MISSING', `${path} is no file any more`) }
    if (typeof sizeBytes === 'number' && stats.size !== sizeBytes)
      return changed(`it had ${sizeBytes} bytes and has ${stats.size}`)
    if (typeof hash === 'string')
      return (await hashFile(absolute(path))) === hash ? { size: stats.size } : changed('its content is another')
    if (typeof mtimeMs === 'number' && stats.mtimeMs !== mtimeMs)
      return changed(`it was written again at ${stats.mtime.toISOString()}`)
    return { size: stats.size }
  } catch (cause) {
    return { refused: new RefusedError('FILE_MISSING', `${path} is gone or cannot be read`, cause) }
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 262_144 }), hash)
  return hash.digest('hex')
}
