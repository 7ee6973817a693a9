import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import { csv } from './csv.ts'
import type { ByteStream, Source } from './declared-source.ts'
import { files } from './files.ts'
import { from } from './from.ts'
import { json } from './json.ts'
import { jsonl } from './jsonl.ts'
import { chunksOf, inPieces, testFolder, wholly } from './reading.fixture.ts'

const folder = testFolder()

/** Every chunk's cursor gives the same entries again, to the end. */
async function expectReopenable(source: Source<unknown, unknown>): Promise<unknown[]> {
  const adapter = adapterOf(source)
  const identity = await adapter.identify()
  const chunks = await chunksOf(await adapter.open(identity))
  const all = wholly(chunks.flatMap((chunk) => chunk.entries))
  let passed = 0
  for (const { cursor, entries } of chunks) {
    expect(cursor.position).toBe(passed)
    const kept = JSON.parse(JSON.stringify({ cursor, identity }))
    const again = await chunksOf(await adapter.open(kept.identity, kept.cursor))
    expect(wholly(again.flatMap((chunk) => chunk.entries))).toEqual(all.slice(passed))
    passed += entries.length
  }
  expect(passed).toBe(all.length)
  return all
}

const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const cell = fc.oneof(
  fc.stringMatching(/^[a-z0-9 ]{0,6}$/),
  fc.constantFrom('é', '€', '😀', '"x"', '"a""b"', '"1\n2"', '"\r\n,"', '"', 'a"b', '"a"b', '', '\r', '\u2028'),
)
const csvText = fc
  .array(fc.tuple(fc.array(cell, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n', '\n\n')), {
    maxLength: 25,
  })
  .map((rows) => `a,b\n${rows.map(([cells, end]) => cells.join(',') + end).join('')}`)
const jsonText = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom('', ' ', '{"a":', '1,2', '"é€😀"', '"\\""', '"', '\t', '[', ']', '}', '{"a":"\\\\"}'),
)
// a byte that is no UTF-8 may stand anywhere
const bad = fc.option(fc.nat(), { freq: 3 })
const withBadByte = (text: string, at: number | null) => {
  const bytes = Buffer.from(text)
  if (at !== null && bytes.length > 4) bytes[4 + (at % (bytes.length - 4))] = 0xff
  return bytes
}

/** The entries are the same from a file and from a stream cut anywhere, and from every cursor. */
async function expectSameEverywhere(
  make: (input: string | ByteStream) => Source<unknown, unknown>,
  bytes: Buffer,
  sizes: readonly number[],
): Promise<void> {
  const path = folder.write('generated', bytes)
  const outcome = await expectReopenable(make(path)).then(
    (all) => ({ all }),
    (error: { code?: string }) => ({ code: error.code }),
  )
  if ('code' in outcome && outcome.code === undefined) throw outcome
  const adapter = adapterOf(make(inPieces(bytes, sizes)))
  const streamed = await adapter
    .open(await adapter.identify())
    .then(chunksOf)
    .then(
      (chunks) => ({ all: wholly(chunks.flatMap((chunk) => chunk.entries)) }),
      (error: { code?: string }) => ({ code: error.code }),
    )
  expect(streamed).toEqual(outcome)
}

describe('reading again', () => {
  it('csv: same entries however the bytes come, and from every cursor', () =>
    fc.assert(
      fc.asyncProperty(csvText, bad, pieces, (text, at, sizes) =>
        expectSameEverywhere((input) => csv(input), withBadByte(text, at), sizes),
      ),
      { numRuns: 100, seed: 7 },
    ))

  it('jsonl: same entries however the bytes come, and from every cursor', () =>
    fc.assert(
      fc.asyncProperty(fc.array(jsonText, { maxLength: 20 }), bad, pieces, (lines, at, sizes) =>
        expectSameEverywhere((input) => jsonl(input), withBadByte(lines.join('\n'), at), sizes),
      ),
      { numRuns: 100, seed: 8 },
    ))

  it('json: same entries however the bytes come, and from every cursor', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(jsonText, { maxLength: 12 }),
        fc.constantFrom(']', '', '] x', ']\n'),
        bad,
        pieces,
        (elements, end, at, sizes) =>
          expectSameEverywhere((input) => json(input), withBadByte(`[${elements.join(',\n')}${end}`, at), sizes),
      ),
      { numRuns: 100, seed: 9 },
    ))

  it('sources of many chunks, with rows over the borders of blocks', async () => {
    const row = (n: number) =>
      n % 50 === 0 ? `${n},"é\n${n}"` : n % 77 === 0 ? `bad ${n}` : `${n},${'x'.repeat(n % 90)}`
    const text = Array.from({ length: 12_000 }, (_, n) => row(n)).join('\n')
    expect(await expectReopenable(csv(folder.write('big.csv', `a,b\n${text}\n`)))).toHaveLength(12_000)
    const elements = Array.from({ length: 9_000 }, (_, n) =>
      n % 40 === 0 ? '{bad' + '}' : JSON.stringify({ n, text: '€'.repeat(n % 30) }),
    )
    expect(await expectReopenable(jsonl(folder.write('big.jsonl', elements.join('\n'))))).toHaveLength(9_000)
    expect(
      await expectReopenable(
        json(folder.write('big.json', `{"rows": [${elements.join(',\n')}], "more": 1}`), { pointer: '/rows' }),
      ),
    ).toHaveLength(9_000)
    expect(
      await expectReopenable(
        from(
          Array.from({ length: 1_000 }, (_, n) => ({ n })),
          { name: 'list' },
        ),
      ),
    ).toHaveLength(1_000)
    expect(
      await expectReopenable(from(new Set(Array.from({ length: 700 }, (_, n) => n)), { name: 'set' })),
    ).toHaveLength(700)
  })

  it('files are read from the list of the start', async () => {
    for (let n = 0; n < 300; n++) folder.write(`many/${n}.txt`, String(n))
    expect(await expectReopenable(files(`${folder.path}/many/*.txt`))).toHaveLength(300)
  })

  it('a chunk has at most 1,000 entries', async () => {
    const adapter = adapterOf(jsonl(folder.write('ones.jsonl', '1\n'.repeat(5_000))))
    const chunks = await chunksOf(await adapter.open(await adapter.identify()))
    expect(Math.max(...chunks.map(({ entries }) => entries.length))).toBe(1_000)
    expect(chunks.flatMap(({ entries }) => entries)).toHaveLength(5_000)
  })

  it('text chunks may cut a character in two', async () => {
    const [high, low] = ['😀'.slice(0, 1), '😀'.slice(1)]
    const adapter = adapterOf(jsonl(Readable.from(['"a', `${high}`, `${low}"\n"b"`, '\n'])))
    const entries = (await chunksOf(await adapter.open(await adapter.identify()))).flatMap((chunk) => chunk.entries)
    expect(entries.map(({ payload }) => payload)).toEqual(['a😀', 'b'])
  })
})
