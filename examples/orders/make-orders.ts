import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What the generated file holds, so that a run over it can be checked row by row. */
export interface MadeOrders {
  readonly rows: number
  /** Ids of the orders that a service must have accepted in the end, each once. */
  readonly valid: readonly string[]
  /** Rows that cannot be read, with their line (from 1, the header counted), their text, and the row as it was meant. */
  readonly malformed: readonly MalformedRow[]
  /** Ids that come a second time, further down. */
  readonly duplicates: readonly string[]
}

export interface MalformedRow {
  readonly line: number
  readonly raw: string
  readonly damage: string
  readonly id: string
  readonly mended: string
}

const HEADER = 'id,shop,country,amount,email,sku,quantity'
const SHOPS = [
  'Nordlicht',
  'Kiosk 24',
  'Käsehaus',
  'Tea & Co',
  'Café Lumière',
  'Papeterie',
  'Brown, Green and Sons',
  'Ölmühle',
]
const COUNTRIES = ['GB', 'FR', 'DE', 'NL', 'SE']
const SKUS = ['LAMP-3', 'MUG-12', 'TEA-250', 'PEN-7', 'OIL-1', 'BAG-40']

/** Ways to break a row: the cells as they were meant, and the text as it came out. */
const DAMAGES = {
  'too few cells': { meant: {}, write: (cells: Cells) => cells.slice(0, 4).join(',') },
  'too many cells': { meant: { 1: 'Brown, Green and Sons' }, write: (cells: Cells) => cells.join(',') },
  'a bare quote in a cell': {
    meant: { 5: '19"-RACK' },
    write: (cells: Cells) => cells.with(5, `"${cells[5]}"`).join(','),
  },
  'a quote that is never closed': {
    meant: { 1: 'Nordlicht' },
    write: (cells: Cells) => cells.with(1, `"${cells[1]}`).join(','),
  },
  'bytes that are not UTF-8': { meant: { 1: 'Café du Port' }, write: (cells: Cells) => cells.join(',') },
} as const
type Damage = keyof typeof DAMAGES
type Cells = readonly string[]

const MALFORMED: readonly Damage[] = [
  ...Array<Damage>(3).fill('too few cells'),
  ...Array<Damage>(3).fill('too many cells'),
  ...Array<Damage>(2).fill('a bare quote in a cell'),
  ...Array<Damage>(2).fill('bytes that are not UTF-8'),
  ...Array<Damage>(2).fill('a quote that is never closed'),
]
const DUPLICATES = 20

/** Writes `rows` orders to `path`: the same bytes for the same seed. 12 rows are malformed, 20 repeat an order, all others are valid. */
export function makeOrders(
  path: string,
  { rows = 20_000, seed = 7 }: { rows?: number; seed?: number } = {},
): MadeOrders {
  const random = seeded(seed)
  const places = choosePlaces(rows, random)
  const lines: Buffer[] = [Buffer.from(`${HEADER}\n`)]
  const good: Cells[] = []
  const malformed: MalformedRow[] = []
  const duplicates: string[] = []
  for (let row = 0; row < rows; row++) {
    const cells = makeCells(row, random)
    const damage = places.malformed.get(row)
    if (damage !== undefined) {
      const broken = breakRow(cells, damage)
      malformed.push({ line: row + 2, damage, id: cells[0]!, ...broken })
      lines.push(Buffer.from(`${broken.raw}\n`, damage === 'bytes that are not UTF-8' ? 'latin1' : 'utf8'))
      continue
    }
    const repeated = places.duplicates.has(row) ? good[Math.floor(random() * good.length)]! : undefined
    if (repeated === undefined) good.push(cells)
    else duplicates.push(repeated[0]!)
    lines.push(Buffer.from(`${toLine(repeated ?? cells)}\n`))
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, Buffer.concat(lines))
  return { rows, valid: good.map(([id]) => id!), malformed, duplicates }
}

/** Rows to break, the last of them near the end, and rows that repeat one further up. */
function choosePlaces(rows: number, random: () => number) {
  const taken = new Set<number>()
  const place = (from: number) => {
    for (;;) {
      const row = from + Math.floor(random() * (rows - from))
      if (!taken.has(row)) return taken.add(row) && row
    }
  }
  // A quote that is never closed runs on to the next quote in the file: only the last rows have none after them.
  const last = rows - 2
  taken.add(last)
  const malformed = new Map(MALFORMED.slice(0, -1).map((damage) => [place(Math.floor(rows / 100)), damage]))
  malformed.set(last, MALFORMED.at(-1)!)
  return { malformed, duplicates: new Set(Array.from({ length: DUPLICATES }, () => place(Math.floor(rows / 4)))) }
}

function breakRow(cells: Cells, damage: Damage): { raw: string; mended: string } {
  const { meant, write } = DAMAGES[damage]
  const intended = Object.assign([...cells], meant)
  return { raw: write(intended), mended: toLine(intended) }
}

function makeCells(row: number, random: () => number): string[] {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!
  const id = `ORD-${String(row + 1).padStart(5, '0')}`
  const amount = (1 + random() * 400).toFixed(2)
  const email = `customer-${1 + Math.floor(random() * 5_000)}@example.com`
  return [id, pick(SHOPS), pick(COUNTRIES), amount, email, pick(SKUS), String(1 + Math.floor(random() * 9))]
}

function toLine(cells: Cells): string {
  return cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}

/** Mulberry32: a small generator with a state of 32 bits, the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
