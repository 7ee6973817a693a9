import { readdir } from 'node:fs'
import { posix } from 'node:path'
import { glob } from 'tinyglobby'
import { RedriveError } from '../model/redrive-error.ts'

/**
 * The files that globs find: sorted, each once; relative to the folder `cwd`, or absolute if the glob is.
 * A folder that can't be read is a failure (RD-1201), not a gap in the list.
 */
export async function findFiles(globs: readonly string[], cwd: string): Promise<string[]> {
  const refused = globs.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const wanted = globs.filter((pattern) => !pattern.startsWith('!'))
  const found = await foundBelow(cwd, { wanted: wanted.filter((pattern) => !posix.isAbsolute(pattern)), refused })
  // seen from the root: the search still begins at what the globs have in common, and not at `cwd` with its way up
  const fromRoot = (pattern: string) => posix.resolve(cwd, pattern).slice(1)
  const absolute = { wanted: wanted.filter(posix.isAbsolute).map(fromRoot), refused: refused.map(fromRoot) }
  found.push(...(await foundBelow('/', absolute)).map((path) => `/${path}`))
  return [...new Set(found)].sort()
}

async function foundBelow(
  cwd: string,
  { wanted, refused }: { wanted: readonly string[]; refused: readonly string[] },
): Promise<string[]> {
  if (wanted.length === 0) return []
  const failed: { path: string; error: NodeJS.ErrnoException }[] = []
  type Done = (error: NodeJS.ErrnoException | null, entries: unknown) => void
  const watched = (path: string, options: object, done: Done) =>
    readdir(path, options, (error: NodeJS.ErrnoException | null, entries: unknown) => {
      // a folder that isn't there holds no match; any other failure hides some
      if (error && error.code !== 'ENOENT' && error.code !== 'ENOTDIR') failed.push({ path, error })
      done(error, entries)
    })
  const fs = { readdir: watched as unknown as typeof readdir }
  const found = await glob(wanted, { cwd, ignore: refused, expandDirectories: false, fs })
  const [first] = failed
  if (!first) return found
  throw new RedriveError('RD-1201', {
    what: `files: the folder ${first.path} cannot be read (${first.error.code})`,
    fix: 'Give it the permission to be read, or leave it out by a glob that begins with !.',
    cause: first.error,
  })
}
