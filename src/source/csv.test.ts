import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import { ByteWindow } from './byte-window.ts'
import { csv } from './csv.ts'
import { csvCutter } from './csv-cutter.ts'
import { csvLayout } from './csv-layout.ts'
import { chunksOf, entriesOf, freshName, inPieces, plainly, testFolder } from './reading.fixture.ts'
import { streamFeed } from './stream-feed.ts'
import { textReader } from './text-reader.ts'

const folder = testFolder()
const read = async (text: string | Uint8Array, options?: { delimiter?: string }) =>
  entriesOf(csv(folder.write(`${freshName()}.csv`, text), options))
const rows = async (text: string | Uint8Array, options?: { delimiter?: string }) => plainly(await read(text, options))

const anyCell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[",\r\n ax]{0,6}$/))
const quoted = (cell: string) => (/["\r\n,]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

const spectrum = join(process.env['REDRIVE_SHARED_DATA'] ?? resolve('../shared/data'), 'csv-spectrum')
describe.skipIf(!existsSync(spectrum))(`csv-spectrum (skipped without ${spectrum})`, () => {
  const names = existsSync(spectrum) ? readdirSync(join(spectrum, 'csvs')) : []
  it('has 12 files', () => expect(names).toHaveLength(12))
  it.each(names)('%s gives exactly the expected JSON', async (name) => {
    const json = readFileSync(join(spectrum, 'json', name.replace(/csv$/, 'json')), 'utf8')
    const text = readFileSync(join(spectrum, 'csvs', name), 'utf8')
    const path = folder.write(name, asPublished(name, text))
    // the suite's own CSV has another number here than its JSON
    const expected: unknown = JSON.parse(
      name === 'location_coordinates.csv' ? json.replace('1234567890', '2095257564') : json,
    )
    expect(plainly(await entriesOf(csv(path)))).toEqual([expected].flat())
  })
})

/** A checkout may have turned the CRLF of these files into LF, which their JSON has not followed. */
function asPublished(name: string, text: string): string {
  return name.includes('crlf') && !text.includes('\r') ? text.replaceAll('\n', '\r\n') : text
}

describe('csv', () => {
  it.each([
    [
      'LF',
      'a,b\n1,2\n3,4\n',
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n3,4\r\n',
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    ['no line end at the end', 'a,b\n1,2', [{ a: '1', b: '2' }]],
    ['an empty last cell at the end', 'a,b\n1,', [{ a: '1', b: '' }]],
    ['a byte order mark', '\ufeffa,b\n1,2\n', [{ a: '1', b: '2' }]],
    [
      'blank lines, before the header too',
      '\n\r\na,b\n\n1,2\n\r\n\n3,4\n\n',
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    ['a lone CR inside a cell', 'a,b\nx\ry,2\n', [{ a: 'x\ry', b: '2' }]],
    [
      'quotes, doubled quotes, line ends in quotes',
      'a,b\n"x,""y""\r\nz","2"\n3,4\n',
      [
        { a: 'x,"y"\r\nz', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    ['quotes around a cell that ends the file', 'a,b\n1,"2"', [{ a: '1', b: '2' }]],
    [
      'quotes inside an unquoted cell as data',
      'a,b\n1"x",2\n3,4"\n',
      [
        { a: '1"x"', b: '2' },
        { a: '3', b: '4"' },
      ],
    ],
    ['spaces are data', 'a,b\n 1 , 2\n', [{ a: ' 1 ', b: ' 2' }]],
    ['one column', 'a\n1\n2\n', [{ a: '1' }, { a: '2' }]],
    ['a header and nothing else', 'a,b\n', []],
    [
      'characters of two, three and four bytes',
      'ä,€\né,😀\n"ü\n",x\n',
      [
        { ä: 'é', '€': '😀' },
        { ä: 'ü\n', '€': 'x' },
      ],
    ],
    ['quoted names in the header', '"a ""1""","b\n2"\n1,2\n', [{ 'a "1"': '1', 'b\n2': '2' }]],
  ])('reads %s', async (_what, text, expected) => {
    expect(await rows(text)).toEqual(expected)
  })

  it('takes another delimiter', async () => {
    expect(await rows('a;b\n1,5;"x;y"\n', { delimiter: ';' })).toEqual([{ a: '1,5', b: 'x;y' }])
    expect(await rows('a\tb\n1\t2\n', { delimiter: '\t' })).toEqual([{ a: '1', b: '2' }])
  })

  it('gives back whatever cells were written', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyCell, anyCell), { maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        async (cells, end) => {
          const text = [['a', 'b'], ...cells].map((row) => row.map(quoted).join(',') + end).join('')
          expect(await rows(text)).toEqual(cells.map(([a, b]) => ({ a, b })))
        },
      ),
      { numRuns: 100, seed: 3 },
    ))

  it.each([
    ['too few cells', 'a,b\n1\n3,4\n', 'CSV_COLUMNS', '1', 2],
    ['too many cells', 'a,b\n1,2,3\n3,4\n', 'CSV_COLUMNS', '1,2,3', 2],
    ['too many quoted cells over two lines', 'a,b\n"1\n",2,3\n3,4\n', 'CSV_COLUMNS', '"1\n",2,3', 2],
    ['text after a closing quote', 'a,b\n"1"x,2\n3,4\n', 'CSV_INVALID_CLOSING_QUOTE', '"1"x,2', 2],
    ['a quote that is never closed', 'a,b\n1,"2\n3,4\n', 'CSV_QUOTE_NOT_CLOSED', '1,"2', 2],
    ['a quote that is closed in another row', 'a,b\n1,"2\n3,4\n5,"6"\n', 'CSV_INVALID_CLOSING_QUOTE', '1,"2', 2],
    ['too few cells with CRLF', 'a,b\r\n1\r\n3,4\r\n', 'CSV_COLUMNS', '1', 2],
  ])('makes a row with %s unreadable, and goes on at the next line', async (_what, text, code, raw, line) => {
    const entries = await read(text)
    expect(plainly(entries)[0]).toEqual({ code, raw })
    expect(entries[0]).toMatchObject({ position: 0, payload: null, line })
    expect((entries[0]!.unreadable!.error as { line?: number }).line).toBe(line)
    expect(entries[0]!.unreadable!.error.message).toContain(`line ${line}`)
    expect(plainly(entries)).toContainEqual({ a: '3', b: '4' })
  })

  it('takes no more than a moment for lines that each seem to open a row without end', async () => {
    const found = await rows(`a,b\n${'a",",b\n'.repeat(20_000)}`)
    expect(found).toHaveLength(20_000)
    expect(found[0]).toEqual({ code: 'CSV_COLUMNS', raw: 'a",",b' })
  })

  it('says how many cells were found and expected', async () => {
    const [bad] = await read('a,b,c\n1,2\n')
    expect(bad!.unreadable!.error.message).toBe('line 2 has 2 cells; the header has 3 cells')
  })

  it('closes a quote of just 1 MiB, and gives one of more up at its first line', async () => {
    const fits = 'x'.repeat(1_048_574)
    expect(await rows(`a,b\n"${fits}\n",2\n3,4\n`)).toEqual([
      { a: `${fits}\n`, b: '2' },
      { a: '3', b: '4' },
    ])
    const lines = 'y,z\n'.repeat(262_144)
    const found = await rows(`a,b\n1,"2\n${lines}q,"\n3,4\n`)
    expect(found[0]).toEqual({ code: 'CSV_QUOTE_NOT_CLOSED', raw: '1,"2' })
    expect(found).toHaveLength(1 + 262_144 + 2)
    expect(found[1]).toEqual({ a: 'y', b: 'z' })
    expect(found.at(-2)).toEqual({ code: 'CSV_QUOTE_NOT_CLOSED', raw: 'q,"' })
    expect(found.at(-1)).toEqual({ a: '3', b: '4' })
  })

  it('makes a row that is no UTF-8 unreadable, with its bytes as Latin-1; the others stay', async () => {
    const text = Buffer.concat([
      Buffer.from('a,b\né,1\n'),
      Buffer.from('caf\xe9,2\n"€\n",3\n', 'latin1').subarray(0, 7),
      Buffer.from('"€\n",3\nü,4\n'),
    ])
    expect(await rows(text)).toEqual([
      { a: 'é', b: '1' },
      { code: 'TEXT_NOT_UTF8', raw: 'café,2' },
      { a: '€\n', b: '3' },
      { a: 'ü', b: '4' },
    ])
  })

  it('gives line and byte of each row, the header and blank lines counted', async () => {
    const text = '\ufeffa,b\n\n1,2\n"é\n",3\nbad\nü,5\n'
    const entries = await read(text)
    const bytes = Buffer.from(text)
    expect(
      entries.map(({ position, line, byte }) => ({
        position,
        line,
        text: bytes.subarray(byte).toString().slice(0, 3),
      })),
    ).toEqual([
      { position: 0, line: 3, text: '1,2' },
      { position: 1, line: 4, text: '"é\n' },
      { position: 2, line: 6, text: 'bad' },
      { position: 3, line: 7, text: 'ü,5' },
    ])
  })

  it('keeps a column named __proto__ as data, and pollutes nothing', async () => {
    const [row] = (await rows('a,__proto__\n1,x\n')) as [object]
    expect(Object.getOwnPropertyDescriptor(row, '__proto__')?.value).toBe('x')
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })

  it.each([
    ['an empty file', '', 'is empty'],
    ['blank lines only', '\n\n', 'is empty'],
    ['two equal columns', 'a,b,a\n1,2,3\n', 'columns 1 and 3 of the header are both named "a"'],
    ['a column without a name', 'a,,c\n1,2,3\n', 'column 2 of the header has no name'],
    ['a broken header', 'a,"b\n1,2\n', 'line 1: a quote opens'],
    ['a header that is no UTF-8', Buffer.from('a,\xe9\n1,2\n', 'latin1'), 'the header is not UTF-8'],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'is UTF-16'],
  ])('refuses %s before anything is read', async (_what, text, message) => {
    const adapter = adapterOf(csv(folder.write(`${freshName()}.csv`, text)))
    const identity = await adapter.identify()
    await expect(adapter.open(identity)).rejects.toThrow(message)
    await expect(adapter.open(identity)).rejects.toMatchObject({ code: 'RD-1202' })
  })

  it.each([',,', '', '"', '\n', '\r', 'é', 5, null])('refuses the delimiter %j', (delimiter) => {
    expect(() => csv('a.csv', { delimiter: delimiter as string })).toThrow(/RD-1101: csv: delimiter is/)
  })

  it('passes over a row above the limit without holding it, and keeps its beginning', async () => {
    const long = `${'x'.repeat(300_000)},2`
    const text = Buffer.from(`1,2\n${long}\n3,4\n"5\n${'é'.repeat(150_000)}",6\n7,8\n`)
    const window = new ByteWindow(streamFeed(inPieces(text, [70_000])), 0)
    const cutter = csvCutter(csvLayout(['a', 'b'], ','), { position: 0, line: 2, byte: 0 }, 200_000)
    const entries = (await chunksOf(textReader(window, cutter))).flatMap((chunk) => chunk.entries)
    expect(entries.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7])
    const found = plainly(entries)
    expect(found.map((row) => (row as { code?: string }).code ?? (row as { a: string }).a)).toEqual([
      '1',
      'ROW_TOO_LONG',
      '3',
      'ROW_TOO_LONG',
      'ROW_TOO_LONG',
      '7',
    ])
    expect(found[1]).toEqual({ code: 'ROW_TOO_LONG', raw: 'x'.repeat(65_536) })
    expect(window.buffer.length).toBeLessThan(1_000_000)
  })
})

describe('the repaired text of a row', () => {
  const { readRaw } = adapterOf(csv('a.csv'))
  const state = { header: ['a', 'b'] }
  it.each([
    ['1,2', { a: '1', b: '2' }],
    ['"x\ny",2\r\n', { a: 'x\ny', b: '2' }],
    ['é,"""q"""', { a: 'é', b: '"q"' }],
  ])('%j is read as the file would have', (raw, payload) => expect(readRaw(raw, state)).toEqual({ payload }))

  it.each([
    ['', 'CSV_NOT_ONE_ROW'],
    ['1,2\n3,4', 'CSV_NOT_ONE_ROW'],
    ['1,2,3', 'CSV_COLUMNS'],
    ['1,"2', 'CSV_QUOTE_NOT_CLOSED'],
  ])('%j is refused as %s', (raw, code) => expect(readRaw(raw, state)).toMatchObject({ error: { code } }))
})
