/** A row of the rooms table in ARCHITECTURE.md. */
export interface Room {
  readonly name: string
  readonly mayImport: ReadonlySet<string>
  /** The only files others may reach; empty = all. */
  readonly seam: readonly string[]
  /** Composes the whole: may reach past seams. */
  readonly isPastSeams: boolean
  readonly isPlanned: boolean
}

/** Reads the rooms table: the one with a `may import` column. Throws when it is not there or says something unknown. */
export function parseImportTable(markdown: string): Map<string, Room> {
  const lines = markdown.split('\n')
  const head = lines.findIndex((line) => /^\|\s*room\s*\|.*\|\s*may import\s*\|/.test(line))
  if (head === -1) throw new Error('ARCHITECTURE.md has no table with the columns "room" and "may import"')
  const rows = lines.slice(head + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  const rooms = new Map<string, Room>()
  for (const row of end === -1 ? rows : rows.slice(0, end)) {
    const room = parseRow(row, [...rooms.keys()])
    rooms.set(room.name, room)
  }
  assertKnown(rooms)
  return rooms
}

function parseRow(row: string, above: readonly string[]): Room {
  const [name = '', holds = '', allowed = '', seam = ''] = row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
  const words = allowed.split(',').map((word) => word.trim())
  const rooms = words.filter((word) => word !== 'nothing' && word !== 'past seams')
  return {
    name: name.replaceAll('`', ''),
    mayImport: new Set(rooms.flatMap((word) => (word === 'all above' ? above : [word]))),
    seam: seam.split(' ').filter(Boolean),
    isPastSeams: words.includes('past seams'),
    isPlanned: holds.startsWith('*planned*'),
  }
}

function assertKnown(rooms: ReadonlyMap<string, Room>): void {
  for (const room of rooms.values()) {
    const stranger = [...room.mayImport].find((name) => !rooms.has(name))
    if (stranger !== undefined)
      throw new Error(`ARCHITECTURE.md: ${room.name} may import "${stranger}", which is no room`)
  }
}
