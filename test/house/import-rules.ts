import type { Room } from './import-table.ts'
import { isTest, type SourceFile } from './source-tree.ts'

/** Says of every import that the table forbids where it is and why; an empty list is a tidy house. */
export function importViolations(files: readonly SourceFile[], rooms: ReadonlyMap<string, Room>): string[] {
  const known = new Set(files.map((file) => file.path))
  const product = files.filter((file) => !isTest(file.path))
  return [
    ...product
      .filter((file) => !rooms.has(roomOf(file.path)))
      .map((file) => `${file.path}: "${roomOf(file.path)}" is no room of ARCHITECTURE.md`),
    ...files.flatMap((file) => file.imports.flatMap((to) => brokenLink(file, to, known))),
    ...product.flatMap((file) =>
      file.imports.flatMap((to) => (to.path ? forbidden(file.path, { path: to.path, line: to.line }, rooms) : [])),
    ),
    ...cycles(product),
  ]
}

/** The room of a path relative to `src/`: its first folder, or the file itself at the top. */
export function roomOf(path: string): string {
  return path.split('/')[0] ?? path
}

// An import that cannot be followed is one that no rule can judge.
function brokenLink(file: SourceFile, to: SourceFile['imports'][number], known: ReadonlySet<string>): string[] {
  if (to.path === undefined || known.has(to.path) || (isTest(file.path) && to.path.startsWith('../'))) return []
  return [`${file.path}:${to.line}: "${to.written}" leads to no source file`]
}

function forbidden(from: string, to: { path: string; line: number }, rooms: ReadonlyMap<string, Room>): string[] {
  const [here, there] = [roomOf(from), roomOf(to.path)]
  const at = `${from}:${to.line}: imports ${to.path}`
  if (isTest(to.path)) return [`${at}, a test`]
  if (here === there) return []
  const room = rooms.get(here)
  const target = rooms.get(there)
  if (!room || !target) return []
  if (there === 'testing') return [`${at}: only tests may import testing`]
  if (there === 'cli') return [`${at}: nobody imports cli`]
  if (!room.mayImport.has(there)) return [`${at}: ${here} may import ${[...room.mayImport].join(', ') || 'nothing'}`]
  if (room.isPastSeams || target.seam.length === 0) return []
  return target.seam.some((name) => to.path === `${there}/${name}`)
    ? []
    : [`${at}: past the seam of ${there} (${target.seam.join(' ')})`]
}

/** Each circle once, from its first file in the alphabet; in types too, since it is the reader who goes round in it. */
function cycles(files: readonly SourceFile[]): string[] {
  const next = new Map(files.map((file) => [file.path, new Set(file.imports.flatMap((to) => to.path ?? []))]))
  const done = new Set<string>()
  const found = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at !== -1) found.add(`circle: ${fromFirst(trail.slice(at)).join(' → ')}`)
    if (at !== -1 || done.has(path)) return
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of [...next.keys()].sort()) visit(path, [])
  return [...found]
}

function fromFirst(circle: readonly string[]): string[] {
  const at = circle.indexOf([...circle].sort()[0] ?? '')
  return [...circle.slice(at), ...circle.slice(0, at), circle[at] ?? '']
}
