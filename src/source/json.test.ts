import { describe, expect, it } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import { ByteWindow } from './byte-window.ts'
import { json } from './json.ts'
import { JsonCutter } from './json-cutter.ts'
import { chunksOf, entriesOf, freshName, inPieces, plainly, testFolder } from './reading.fixture.ts'
import { streamFeed } from './stream-feed.ts'
import { textReader } from './text-reader.ts'

const folder = testFolder()
const read = (text: string | Uint8Array, pointer = '') =>
  entriesOf(json(folder.write(`${freshName()}.json`, text), { pointer }))

describe('json', () => {
  it.each([
    ['[]', '', []],
    [' [ \n ] \n', '', []],
    ['[1]', '', [1]],
    [
      '\ufeff[1, "a,]\\"[", {"b": [1, {"c": "}"}]}, [2, [3]], null, true]\n',
      '',
      [1, 'a,]"[', { b: [1, { c: '}' }] }, [2, [3]], null, true],
    ],
    ['{"x": {"y": [9]}, "orders": [1, 2], "z": 3}', '/orders', [1, 2]],
    ['{"a/b": {"m~n": [1]}}', '/a~1b/m~0n', [1]],
    ['{"": [1]}', '/', [1]],
    ['{"data": [[0], {"rows": [1, 2]}]}', '/data/1/rows', [1, 2]],
    ['{"data": [[0], [7, 8]]}', '/data/1', [7, 8]],
    ['{"\\u0061": "[", "b\\"": [1]}', '/b"', [1]],
  ])('%j at %j gives %j', async (text, pointer, expected) => {
    expect(plainly(await read(text, pointer))).toEqual(expected)
  })

  it('makes an element that is no JSON unreadable, and goes on at the next comma at its depth', async () => {
    const entries = await read('[1,\n{"a": tru, "b": [1, 2]},\n , 3x , {"a":], \n{"a": 2}]')
    expect(plainly(entries)).toEqual([
      1,
      { code: 'JSON_INVALID', raw: '{"a": tru, "b": [1, 2]}' },
      { code: 'JSON_INVALID', raw: '' },
      { code: 'JSON_INVALID', raw: '3x' },
      { code: 'JSON_INVALID', raw: '{"a":]' },
      { a: 2 },
    ])
    expect(entries.map(({ line }) => line)).toEqual([1, 2, 3, 3, 3, 4])
    expect(entries.map(({ byte }) => byte)).toEqual([1, 4, 30, 32, 37, 46])
  })

  it.each([
    ['[1, 2', [1, { code: 'JSON_BROKEN_OFF', raw: '2' }]],
    ['[1, 2,', [1, 2, { code: 'JSON_BROKEN_OFF', raw: '' }]],
    ['[', [{ code: 'JSON_BROKEN_OFF', raw: '' }]],
    ['[{"a": "x, 2]', [{ code: 'JSON_BROKEN_OFF', raw: '{"a": "x, 2]' }]],
    ['[1, 2,]', [1, 2, { code: 'JSON_INVALID', raw: '' }]],
    ['[1] [2]', [1, { code: 'JSON_INVALID', raw: '[2]' }]],
  ])('%j loses nothing silently', async (text, expected) => {
    expect(plainly(await read(text))).toEqual(expected)
  })

  it('makes an element that is no UTF-8 unreadable', async () => {
    const text = Buffer.concat([Buffer.from('["é", '), Buffer.from('"caf\xe9"', 'latin1'), Buffer.from(', "€"]')])
    expect(plainly(await read(text))).toEqual(['é', { code: 'TEXT_NOT_UTF8', raw: '"café"' }, '€'])
  })

  it.each([
    ['{"total": 1, "orders": [1]}', '', 'Give its pointer: json(path, { pointer: "/orders" })'],
    ['{"orders": {"rows": [1]}}', '/orders', 'pointer: "/orders/rows"'],
  ])('%s at %j is refused with the pointer that was meant', async (text, pointer, fix) => {
    await expect(read(text, pointer)).rejects.toMatchObject({ code: 'RD-1202', fix: expect.stringContaining(fix) })
  })

  it.each([
    ['{"a": [1]}', '/b', 'no field is named "b"'],
    ['{}', '/b', 'no field is named "b"'],
    ['{"a": 1}', '/a', 'there is a number'],
    ['{"a": "x"}', '/a/b', 'there is a string above it'],
    ['[[1]]', '/1', 'an array above it has 1 elements'],
    ['[[1]]', '/x', '"x" is no index'],
    ['', '', 'the document is empty or breaks off'],
    ['{"a": 1, ', '/b', 'a name in quotes is missing'],
    ['{"a": 1; "b": [2]}', '/b', 'no field is named "b"'],
    ['{"a": 1 ] "b": [2]}', '/b', 'a comma or } is missing'],
    ['<html>', '', 'there is no JSON'],
    [Buffer.from('\ufeff[1]', 'utf16le'), '', 'is UTF-16'],
  ])('%s at %j is refused', async (text, pointer, message) => {
    await expect(read(text, pointer)).rejects.toThrow(message)
    await expect(read(text, pointer)).rejects.toMatchObject({ code: 'RD-1202' })
  })

  it.each(['orders', '/a~2', 5])('refuses the pointer %j', (pointer) => {
    expect(() => json('a.json', { pointer: pointer as string })).toThrow(/RD-1101: json: pointer is/)
  })

  it('passes over an element above the limit without holding it', async () => {
    const text = Buffer.from(`1, {"a": "${'é,]'.repeat(200_000)}"}, 2]`)
    const window = new ByteWindow(streamFeed(inPieces(text, [60_000])), 1)
    const cutter = new JsonCutter(
      { position: 0, line: 1, byte: 1 },
      { part: 'first', isWhole: true, rowBytes: 100_000 },
    )
    const entries = (await chunksOf(textReader(window, cutter))).flatMap((chunk) => chunk.entries)
    expect(entries.map(({ byte }) => byte)).toEqual([1, 4, text.length - 1])
    expect(plainly(entries)[1]).toMatchObject({ code: 'ROW_TOO_LONG', raw: expect.stringMatching(/^\{"a": "é,\]/) })
    expect(plainly(entries)[2]).toBe(2)
    expect(window.buffer.length).toBeLessThan(1_000_000)
  })

  it('keeps the pointer in the key that finds an unfinished batch', async () => {
    const path = folder.write('two.json', '{"a": [1], "b": [2]}')
    const [a, b] = await Promise.all(['/a', '/b'].map((pointer) => adapterOf(json(path, { pointer })).identify()))
    expect(a!.key).toBe(`json:${path}#/a`)
    expect(b!.key).not.toBe(a!.key)
  })
})
