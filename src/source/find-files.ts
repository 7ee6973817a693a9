import { readdir } from 'node:fs'
import { glob } from 'tinyglobby'
import { RedriveError } from '../model/redrive-error.ts'

/** The files that globs find under a folder: sorted, relative to it, each once. A folder that can't be read is a failure (RD-1201), not a gap in the list. */
export async function findFiles(globs: readonly string[], cwd: string): Promise<string[]> {
  const failed: { path: string; error: NodeJS.ErrnoException }[] = []
  const watched: typeof readdir = ((
    path: string,
    options: object,
    done: (error: NodeJS.ErrnoException | null, entries: unknown) => void,
  ) =>
    readdir(path, options, (error: NodeJS.ErrnoException | null, entries: unknown) => {
      // a folder that isn't there holds no match; any other failure hides some
      if (error && error.code !== 'ENOENT' && error.code !== 'ENOTDIR') failed.push({ path, error })
      done(error, entries)
    })) as never
  const found = await glob(globs, { cwd, expandDirectories: false, fs: { readdir: watched } })
  const [first] = failed
  if (first) {
    throw new RedriveError('RD-1201', {
      what: `files: the folder ${first.path} cannot be read (${first.error.code})`,
      fix: 'Give it the permission to be read, or leave it out by a glob that begins with !.',
      cause: first.error,
    })
  }
  return [...new Set(found)].sort()
}
