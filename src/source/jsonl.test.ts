import { describe, expect, it } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import { ByteWindow } from './byte-window.ts'
import { jsonl } from './jsonl.ts'
import { jsonlCutter } from './jsonl-cutter.ts'
import { chunksOf, entriesOf, freshName, inPieces, plainly, testFolder } from './reading.fixture.ts'
import { streamFeed } from './stream-feed.ts'
import { textReader } from './text-reader.ts'

const folder = testFolder()
const read = (text: string | Uint8Array) => entriesOf(jsonl(folder.write(`${freshName()}.jsonl`, text)))

describe('jsonl', () => {
  it('reads a value per line; blank lines, CRLF, a byte order mark and a missing last line end are no matter', async () => {
    const entries = await read('\ufeff{"a":"é"}\r\n\r\n  \n[1,2]\n"x"\n\nnull\n-1.5e3')
    expect(plainly(entries)).toEqual([{ a: 'é' }, [1, 2], 'x', null, -1500])
    expect(entries.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4])
    expect(entries.map(({ line }) => line)).toEqual([1, 4, 5, 7, 8])
    expect(entries.map(({ byte }) => byte)).toEqual([3, 20, 26, 31, 36])
  })

  it('an empty file has no items', async () => expect(await read('')).toEqual([]))

  it("makes a bad line unreadable with its text, line and the parser's words, and goes on", async () => {
    const entries = await read('{"a":1}\n{"a":\r\n1,2\n<html>\n{"a":2}\n')
    expect(plainly(entries)).toEqual([
      { a: 1 },
      { code: 'JSON_INVALID', raw: '{"a":' },
      { code: 'JSON_INVALID', raw: '1,2' },
      { code: 'JSON_INVALID', raw: '<html>' },
      { a: 2 },
    ])
    expect(entries[3]!.unreadable!.error.message).toMatch(/^line 4 is not JSON: Unexpected token '<'/)
    expect(entries[3]).toMatchObject({ position: 3, line: 4, byte: 19 })
  })

  it('makes a line that is no UTF-8 unreadable, with its bytes as Latin-1', async () => {
    const text = Buffer.concat([Buffer.from('"é"\n'), Buffer.from('"caf\xe9"\r\n', 'latin1'), Buffer.from('"€"\n')])
    expect(plainly(await read(text))).toEqual(['é', { code: 'TEXT_NOT_UTF8', raw: '"café"' }, '€'])
  })

  it('passes over a line above 64 MiB without holding it, and keeps 64 KiB of it', { timeout: 60_000 }, async () => {
    const piece = new Uint8Array(1_048_576).fill(120)
    let givenBytes = 0
    async function* bytes() {
      yield Buffer.from('1\n"')
      for (let count = 0; count < 100; count++) {
        givenBytes += piece.length
        yield piece
      }
      yield Buffer.from('"\n2\n')
    }
    const window = new ByteWindow(streamFeed(bytes()), 0)
    const entries = (await chunksOf(textReader(window, jsonlCutter({ position: 0, line: 1, byte: 0 })))).flatMap(
      (chunk) => chunk.entries,
    )
    expect(givenBytes).toBe(100 * 1_048_576)
    expect(plainly(entries)).toEqual([1, { code: 'ROW_TOO_LONG', raw: `"${'x'.repeat(65_535)}` }, 2])
    expect(entries.map(({ line, byte }) => ({ line, byte }))).toEqual([
      { line: 1, byte: 0 },
      { line: 2, byte: 2 },
      { line: 3, byte: 104_857_605 },
    ])
    expect(window.buffer.length).toBeLessThan(1_000_000)
  })

  it('decides on the length of a line by its bytes, however they come', async () => {
    const text = Buffer.from(`"${'é'.repeat(49)}"\n"${'é'.repeat(50)}"\n3\n`)
    for (const size of [1, 7, 1000]) {
      const window = new ByteWindow(streamFeed(inPieces(text, [size])), 0)
      const entries = (await chunksOf(textReader(window, jsonlCutter({ position: 0, line: 1, byte: 0 }, 100)))).flatMap(
        (chunk) => chunk.entries,
      )
      expect(entries.map(({ unreadable }) => (unreadable?.error as { code?: string } | undefined)?.code)).toEqual([
        undefined,
        'ROW_TOO_LONG',
        undefined,
      ])
    }
  })

  it('reads the repaired text of a line', () => {
    const { readRaw } = adapterOf(jsonl('a.jsonl'))
    expect(readRaw('{"a": 1}\n', undefined)).toEqual({ payload: { a: 1 } })
    expect(readRaw('{"a": }', undefined)).toMatchObject({ error: { code: 'JSON_INVALID' } })
  })
})
