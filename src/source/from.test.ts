import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import { csv } from './csv.ts'
import { from } from './from.ts'
import { json } from './json.ts'
import { jsonl } from './jsonl.ts'
import { chunksOf, entriesOf, testFolder } from './reading.fixture.ts'
import type { SourceAdapter } from './source.ts'
import { sql } from './sql.ts'

const folder = testFolder()
const opened = async (source: unknown) => {
  const adapter = adapterOf(source as never)
  return adapter.open(await adapter.identify())
}
const items = async (source: unknown) =>
  (await chunksOf(await opened(source))).flatMap(({ entries }) => entries.map(({ payload }) => payload))
async function* counting(end: number) {
  for (let n = 0; n < end; n++) yield n
}

describe('from', () => {
  it.each([
    ['an array', () => [1, 2, 3]],
    ['a set', () => new Set([1, 2, 3])],
    ['a generator', () => [1, 2, 3].values()],
    [
      'an async generator',
      async function* () {
        yield* [1, 2, 3]
      },
    ],
    ['a Node stream', () => Readable.from([1, 2, 3])],
    ['a web stream', () => ReadableStream.from([1, 2, 3])],
  ])('gives the items of %s in order', async (_what, make) => {
    const entries = await entriesOf(from(make() as Iterable<number>))
    expect(entries).toEqual([
      { position: 0, payload: 1 },
      { position: 1, payload: 2 },
      { position: 2, payload: 3 },
    ])
  })

  it.each(['text', 5, null, undefined, {}, () => []])('refuses %j', (given) => {
    expect(() => from(given as never)).toThrow(/^RD-1101: from: got /)
  })

  it('takes its key from each item', async () => {
    const { shape } = adapterOf(from([{ id: 'a' }], { key: (item) => item.id }))
    expect(shape!({ id: 'a' })).toEqual({ item: { id: 'a' }, key: 'a' })
  })

  it('can be read again only with a name', async () => {
    const named = adapterOf(from([1], { name: 'list' }))
    expect(named).toMatchObject({ name: 'list', rereadable: true })
    expect(await named.identify()).toEqual({ kind: 'iterable', name: 'list', key: 'iterable:list' })
    const unnamed = adapterOf(from([1]))
    expect(unnamed.rereadable).toBe(false)
    expect(await unnamed.identify()).not.toHaveProperty('key')
  })

  it.each([
    ['a generator', () => [1].values()],
    ['an async generator', () => counting(1)],
    ['a Node stream', () => Readable.from([1])],
    ['a web stream', () => ReadableStream.from([1])],
  ])('%s can be read only once, with a name too', async (_what, make) => {
    const source = from(make() as Iterable<number>, { name: 'once' })
    expect(await items(source)).toHaveLength(1)
    await expect(opened(source)).rejects.toMatchObject({ code: 'RD-1205' })
  })

  it('what begins anew each time can be read again', async () => {
    const source = from({ [Symbol.asyncIterator]: () => counting(3) }, { name: 'anew' })
    expect(await items(source)).toEqual([0, 1, 2])
    expect(await items(source)).toEqual([0, 1, 2])
  })

  it('passes over what was read before, a long way too', async () => {
    const adapter = adapterOf(
      from(
        {
          *[Symbol.iterator]() {
            for (let n = 0; n < 50_000; n++) yield n
          },
        },
        { name: 'long' },
      ),
    )
    const chunks = await chunksOf(await adapter.open(await adapter.identify(), { position: 49_998 }))
    expect(chunks.flatMap(({ entries }) => entries)).toEqual([
      { position: 49_998, payload: 49_998 },
      { position: 49_999, payload: 49_999 },
    ])
  })

  it('takes 256 items at a time from what has no end, and ends it at close', async () => {
    let given = 0
    let ended = false
    function* endless() {
      try {
        for (;;) yield given++
      } finally {
        ended = true
      }
    }
    const reader = await opened(from(endless()))
    expect(given).toBe(0)
    expect((await reader.next())!.entries).toHaveLength(256)
    expect(given).toBe(256)
    await reader.close()
    expect(ended).toBe(true)
    expect(await reader.next()).toBeUndefined()
  })

  it('delivers what is there without waiting for more, and asks for nothing beyond a chunk and one item', async () => {
    let asked = 0
    let release: () => void = () => {}
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked++
          if (asked === 4)
            return new Promise<IteratorResult<number>>((resolve) => {
              release = () => resolve({ done: false, value: 4 })
            })
          return Promise.resolve<IteratorResult<number>>({ done: asked > 5, value: asked })
        },
      }),
    }
    const reader = await opened(from(source))
    expect((await reader.next())!.entries.map(({ payload }) => payload)).toEqual([1, 2, 3])
    expect(asked).toBe(4)
    const next = reader.next()
    release()
    expect((await next)!.entries).toEqual([
      { position: 3, payload: 4 },
      { position: 4, payload: 5 },
    ])
    expect(await reader.next()).toBeUndefined()
  })

  it('pulls from an endless async iterable only when asked', async () => {
    let given = 0
    async function* endless() {
      for (;;) yield given++
    }
    const reader = await opened(from(endless()))
    await reader.next()
    expect(given).toBe(256)
    await reader.close()
  })

  it.each([
    [
      'an iterable',
      function* () {
        yield 1
        yield 2
        throw new Error('broke')
      },
    ],
    [
      'an async iterable',
      async function* () {
        yield 1
        yield 2
        throw new Error('broke')
      },
    ],
  ])('gives what %s gave before it threw, then its error', async (_what, make) => {
    const reader = await opened(from(make() as Iterable<number>))
    expect((await reader.next())!.entries).toHaveLength(2)
    await expect(reader.next()).rejects.toThrow('broke')
    expect(await reader.next()).toBeUndefined()
  })

  it('names what an iterator answers that is no result', async () => {
    const reader = await opened(from({ [Symbol.iterator]: () => ({ next: () => 5 as never }) }))
    await expect(reader.next()).rejects.toThrow("the iterator's next() answered the number 5")
  })
})

describe('close', () => {
  const stuck = () => ({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: () => new Promise<never>(() => {}),
    }),
  })
  it.each([
    ['an iterator that answers nothing', stuck],
    [
      'an async generator that waits for ever',
      async function* () {
        await new Promise(() => {})
        yield 1
      },
    ],
    ['a Node stream without data', () => new Readable({ read() {} })],
    ['a web stream without data', () => new ReadableStream()],
  ])('ends the wait for %s: next answers undefined, and close does not hang', async (_what, make) => {
    const reader = await opened(from(make() as AsyncIterable<number>))
    const next = reader.next()
    const closed = reader.close()
    expect(await next).toBeUndefined()
    await closed
    await reader.close()
  })

  it('destroys a Node stream and cancels a web stream', async () => {
    const node = new Readable({ read() {} })
    let cancelled = false
    const web = new ReadableStream({
      cancel() {
        cancelled = true
      },
    })
    for (const stream of [node, web]) {
      const reader = await opened(from(stream as AsyncIterable<unknown>))
      await reader.close()
    }
    expect(node.destroyed).toBe(true)
    expect(cancelled).toBe(true)
  })

  it('swallows what an iterator throws while it is left', async () => {
    const reader = await opened(
      from({
        [Symbol.iterator]: () => ({
          next: () => ({ done: false, value: 1 }),
          return: () => {
            throw new Error('no')
          },
        }),
      }),
    )
    await reader.next()
    await expect(reader.close()).resolves.toBeUndefined()
  })

  it('a file can be closed while it is read, twice', async () => {
    const reader = await opened(jsonl(folder.write('big.jsonl', '"x"\n'.repeat(500_000))))
    await reader.next()
    const next = reader.next()
    await Promise.all([reader.close(), reader.close()])
    expect(await next).toBeUndefined()
  })
})

describe('streams of bytes', () => {
  it('are read by csv, jsonl and json, once', async () => {
    const source = csv(Readable.from([Buffer.from('a,b\n1'), ',2\n']))
    expect(adapterOf(source)).toMatchObject({ name: 'stream', rereadable: false })
    expect(await adapterOf(source).identify()).toEqual({ kind: 'csv', name: 'stream' })
    expect(await items(source)).toEqual([{ a: '1', b: '2' }])
    await expect(opened(source)).rejects.toMatchObject({ code: 'RD-1205' })
    expect(await items(jsonl(ReadableStream.from([Buffer.from('1\n2')])))).toEqual([1, 2])
    expect(await items(json(new Blob(['[1,2]']).stream()))).toEqual([1, 2])
  })

  it('give a line as soon as it is there', async () => {
    const stream = new Readable({ read() {} })
    const reader = await opened(jsonl(stream))
    stream.push('1\n')
    expect((await reader.next())!.entries).toMatchObject([{ payload: 1 }])
    stream.push('1\n2')
    expect((await reader.next())!.entries).toMatchObject([{ payload: 1 }])
    stream.push('3\n')
    expect((await reader.next())!.entries).toMatchObject([{ payload: 23, position: 2 }])
    stream.push(null)
    expect(await reader.next()).toBeUndefined()
  })

  it('that give objects are refused', async () => {
    const reader = await opened(jsonl(Readable.from([{ a: 1 }]) as AsyncIterable<never>))
    await expect(reader.next()).rejects.toMatchObject({
      code: 'RD-1202',
      fix: 'Use from(stream) for a stream of objects.',
    })
  })

  it('that break reject with their own error, after what they gave', async () => {
    async function* broken() {
      yield '1\n'
      throw new Error('socket closed')
    }
    const reader = await opened(jsonl(broken()))
    expect((await reader.next())!.entries).toHaveLength(1)
    await expect(reader.next()).rejects.toThrow('socket closed')
  })
})

describe('adapterOf', () => {
  it('gives a source as it is, and wraps a bare async iterable', async () => {
    const source = csv('a.csv')
    expect(adapterOf(source)).toBe(source)
    expect(await items(counting(3))).toEqual([0, 1, 2])
    expect(adapterOf(counting(1)).rereadable).toBe(false)
  })

  it.each([
    [undefined, 'got undefined'],
    ['orders.csv', 'got the string "orders.csv"'],
    [{ name: 'x' }, 'got an object'],
    [new Map(), 'got a Map'],
  ])('refuses %j', (given, message) => expect(() => adapterOf(given as never)).toThrow(message))

  it('tells how to wrap an array', () => {
    expect(() => adapterOf([1] as never)).toThrow(
      expect.objectContaining({ code: 'RD-1101', fix: 'Wrap it: source: from(items).' }),
    )
  })
})

describe('options', () => {
  it.each([
    ['csv', () => csv('a.csv', { delimeter: ';' } as never), 'RD-1102', 'unknown option "delimeter"'],
    ['jsonl', () => jsonl('a.jsonl', { pointer: '/a' } as never), 'RD-1102', 'unknown option "pointer"'],
    ['from', () => from([1], { schema: 1 } as never), 'RD-1102', 'unknown option "schema"'],
    ['from', () => from([1], { name: '' }), 'RD-1101', 'name is the string ""'],
    ['csv', () => csv('a.csv', 'x' as never), 'RD-1101', 'the options are the string "x"'],
    ['csv', () => csv('a.csv', { key: 'id' } as never), 'RD-1101', 'key is the string "id"'],
    ['csv', () => csv('a.csv', { schema: { parse() {} } } as never), 'RD-1101', 'schema is an object'],
    ['csv', () => csv(''), 'RD-1101', 'csv: got the string ""'],
    ['json', () => json(5 as never), 'RD-1101', 'json: got the number 5'],
  ])('%s refuses what it does not know', (_name, make, code, message) => {
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }))
  })
})

describe('sql', () => {
  it('is refused when a batch starts', async () => {
    const adapter: SourceAdapter = adapterOf(sql({ query: async () => ({ rows: [] }) }, 'select 1'))
    await expect(adapter.identify()).rejects.toMatchObject({ code: 'RD-1901' })
    await expect(adapter.open({ kind: 'sql', name: 'x' })).rejects.toMatchObject({ code: 'RD-1901' })
  })
})
