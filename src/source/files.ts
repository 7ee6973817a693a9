import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RedriveError } from '../model/redrive-error.ts'
import { declareSource, type Source } from './declared-source.ts'
import { describe } from './describe.ts'
import { notReadable } from './file-identity.ts'
import { checkReference, type FileReference, withHash } from './file-reference.ts'
import { findFiles } from './find-files.ts'
import { type FoundFile, foundFile } from './found-file.ts'
import { makeReader } from './reader.ts'
import type { Comparison, Cursor, Entry, Identity, Reader, Shaped } from './source.ts'

const chunkFilesMax = 128

/** One item per file; `key` is its path. A glob that begins with `!` leaves files out; what begins with a dot is found only by a glob that writes the dot. */
export function files(globs: string | readonly string[]): Source<FoundFile> {
  const patterns = checkedGlobs(globs)
  // the working directory of now: the handler of another item may change it
  const cwd = resolve('.')
  const absolute = (path: string) => resolve(cwd, path)
  // references read in this process need no second look at their file
  const fresh = new WeakSet<object>()
  const itemOf = (path: string, size: number): Shaped => ({
    item: foundFile({ path, absolute: absolute(path), size }),
    key: path,
  })
  return declareSource({
    name: patterns.join(' '),
    kind: 'files',
    rereadable: true,
    async identify(): Promise<Identity> {
      const evidence = { files: await findFiles(patterns, cwd) }
      return { kind: 'files', name: patterns.join(' '), key: `files:${cwd}:${JSON.stringify(patterns)}`, evidence }
    },
    compare: (kept, now) => compareLists(listOf(kept), listOf(now)),
    open: async (identity, at) => listReader(listOf(identity), at, { absolute, fresh }),
    shape(payload) {
      if (typeof payload === 'object' && payload !== null && fresh.has(payload)) {
        const { path, sizeBytes } = payload as FileReference
        return itemOf(path, sizeBytes)
      }
      return checkReference(payload, absolute).then((checked) => {
        const path = (payload as Partial<FileReference> | null)?.path
        if ('refused' in checked) return { refused: checked.refused, ...(typeof path === 'string' && { key: path }) }
        return itemOf(path!, checked.size)
      })
    },
    forKeeping: (payload) => withHash(payload as FileReference, absolute((payload as FileReference).path)),
    readRaw(raw) {
      const path = raw.trim()
      try {
        const stats = statSync(absolute(path))
        if (!stats.isFile()) throw new Error('it is no file')
        return { payload: { path, sizeBytes: stats.size, mtimeMs: stats.mtimeMs } }
      } catch (error) {
        return { error: notReadable(path, error) }
      }
    },
  })
}

interface Place {
  readonly absolute: (path: string) => string
  readonly fresh: WeakSet<object>
}

function listReader(list: readonly string[], at: Cursor | undefined, place: Place): Reader {
  let next = at?.position ?? 0
  return makeReader({
    async produce() {
      const first = next
      const paths = list.slice(first, first + chunkFilesMax)
      next += paths.length
      if (paths.length === 0) return undefined
      return {
        cursor: { position: first },
        entries: await Promise.all(paths.map((path, index) => entryOf(path, first + index, place))),
      }
    },
    release: async () => {},
  })
}

/** A file of the list that is gone by now is a row that can't be read; its text is its path. */
async function entryOf(path: string, position: number, { absolute, fresh }: Place): Promise<Entry> {
  try {
    const stats = await stat(absolute(path))
    const payload: FileReference = { path, sizeBytes: stats.size, mtimeMs: stats.mtimeMs }
    fresh.add(payload)
    return { position, payload }
  } catch (error) {
    return { position, payload: null, unreadable: { error: error as Error, raw: path } }
  }
}

function compareLists(kept: readonly string[], now: readonly string[]): Comparison {
  const before = new Set(kept)
  const present = new Set(now)
  const added = now.filter((path) => !before.has(path))
  const gone = kept.filter((path) => !present.has(path))
  const part = (paths: readonly string[], what: string) => {
    if (paths.length === 0) return []
    const named = paths.slice(0, 3).join(', ')
    return [
      `${paths.length} ${paths.length === 1 ? 'file is' : 'files are'} ${what} (${named}${paths.length > 3 ? ', …' : ''})`,
    ]
  }
  const parts = [...part(added, 'new'), ...part(gone, 'gone')]
  return parts.length === 0 ? { same: true } : { same: false, differs: parts.join(', ') }
}

function listOf(identity: Identity): readonly string[] {
  const list = (identity.evidence as { files?: unknown } | undefined)?.files
  return Array.isArray(list) ? list.filter((path) => typeof path === 'string') : []
}

function checkedGlobs(globs: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(globs) ? globs : [globs]
  const refuse = (what: string): never => {
    throw new RedriveError('RD-1101', {
      what: `files: ${what}`,
      fix: "Give a glob, or several: files(['in/**/*.pdf', '!in/old/**']).",
    })
  }
  if (list.length === 0) refuse('got no glob')
  for (const glob of list) if (typeof glob !== 'string' || glob === '') refuse(`got ${describe(glob)} as a glob`)
  if (list.every((glob) => (glob as string).startsWith('!'))) refuse('all globs begin with !, so nothing is found')
  return list as readonly string[]
}
