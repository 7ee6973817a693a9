import { appendFileSync, mkdirSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { jsonl } from './jsonl.ts'
import { chunksOf, freshName, plainly, testFolder } from './reading.fixture.ts'
import type { Identity } from './source.ts'

const folder = testFolder()
const line = (n: number) => `{"n":${n}}\n`
const text = Array.from({ length: 30_000 }, (_, n) => line(n)).join('')

/** What a resume finds after `change`: the kept identity goes through JSON, as in a ledger. */
async function after(change: (path: string) => void): Promise<unknown> {
  const path = folder.write(`${freshName()}.jsonl`, text)
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  const adapter = adapterOf(jsonl(path))
  const kept = JSON.parse(JSON.stringify(await adapter.identify())) as Identity
  change(path)
  return adapter.compare(kept, await adapter.identify(kept))
}
/** Writes bytes in place, at unchanged times. */
const patch = (path: string, at: number, bytes: string) => {
  const content = Buffer.from(text)
  content.write(bytes, at)
  writeFileSync(path, content)
  utimesSync(path, 1_700_000_000, 1_700_000_000)
}

describe('identity of a file', () => {
  it('is kind, path and both ends', async () => {
    const path = folder.write('a.csv', 'a\n1\n')
    const identity = await adapterOf(csv(path)).identify()
    expect(identity).toMatchObject({
      kind: 'csv',
      name: path,
      key: `csv:${path}`,
      evidence: { sizeBytes: 4, headHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(JSON.parse(JSON.stringify(identity))).toEqual(identity)
  })

  it.each([
    ['nothing', () => {}, { same: true }],
    [
      'a new time',
      (path: string) => utimesSync(path, 1_800_000_000, 1_800_000_000),
      { same: true, warning: 'it was written again since; its size and both its ends are the same' },
    ],
    [
      'more lines',
      (path: string) => appendFileSync(path, 'x'.repeat(512)),
      { same: false, differs: 'grew by 512 bytes, the old part is unchanged' },
    ],
    [
      'more lines and another beginning',
      (path: string) => {
        patch(path, 0, '{"m"')
        appendFileSync(path, 'x')
      },
      { same: false, differs: 'grew by 1 bytes, the old part has changed at its beginning' },
    ],
    [
      'more lines and another end of the old part',
      (path: string) => {
        patch(path, text.length - 9, '#')
        appendFileSync(path, 'x')
      },
      { same: false, differs: 'grew by 1 bytes, the old part has changed at its end' },
    ],
    [
      'fewer lines',
      (path: string) => truncateSync(path, text.length - 100),
      { same: false, differs: 'shrank by 100 bytes' },
    ],
    [
      'another beginning',
      (path: string) => patch(path, 3, '#'),
      { same: false, differs: 'has the same size, but has changed at its beginning' },
    ],
    [
      'another end',
      (path: string) => patch(path, text.length - 3, '#'),
      { same: false, differs: 'has the same size, but has changed at its end' },
    ],
    [
      'another content',
      (path: string) => writeFileSync(path, 'x'.repeat(text.length)),
      { same: false, differs: 'has the same size, but has changed at its beginning and at its end' },
    ],
  ])('after %s a resume is told so', async (_what, change, expected) => {
    expect(await after(change)).toEqual(expected)
  })

  it('a file below 64 KiB that grew is compared as far as it went', async () => {
    const path = folder.write('small.csv', 'a\n1\n')
    const adapter = adapterOf(csv(path))
    const kept = await adapter.identify()
    appendFileSync(path, '2\n')
    expect(adapter.compare(kept, await adapter.identify(kept))).toEqual({
      same: false,
      differs: 'grew by 2 bytes, the old part is unchanged',
    })
    writeFileSync(path, 'b\n1\n2\n')
    expect(adapter.compare(kept, await adapter.identify(kept))).toMatchObject({
      differs: 'grew by 2 bytes, the old part has changed at its beginning and at its end',
    })
  })

  it('another delimiter is another reading', async () => {
    const path = folder.write('b.csv', 'a\n1\n')
    const kept = await adapterOf(csv(path)).identify()
    const now = adapterOf(csv(path, { delimiter: ';' }))
    expect(now.compare(kept, await now.identify(kept))).toEqual({
      same: false,
      differs: 'it was read with the delimiter ",", now with the delimiter ";"',
    })
  })

  it('an identity that is no such thing is never the same', async () => {
    const adapter = adapterOf(csv(folder.write('c.csv', 'a\n1\n')))
    const now = await adapter.identify()
    for (const evidence of [undefined, null, 5, {}, { sizeBytes: '4' }])
      expect(adapter.compare({ ...now, evidence }, now)).toMatchObject({ same: false })
  })

  it('a file is read up to the size it had', async () => {
    const path = folder.write('growing.csv', 'a\n1\n')
    const adapter = adapterOf(csv(path))
    const identity = await adapter.identify()
    appendFileSync(path, '2\n3')
    expect(plainly((await chunksOf(await adapter.open(identity))).flatMap(({ entries }) => entries))).toEqual([
      { a: '1' },
    ])
  })

  it('a file that is cut while it is read is a source that broke', async () => {
    const path = folder.write('cut.jsonl', '"x"\n'.repeat(500_000))
    const adapter = adapterOf(jsonl(path))
    const reader = await adapter.open(await adapter.identify())
    expect((await reader.next())!.entries).toHaveLength(1_000)
    truncateSync(path, 4)
    await expect(chunksOf(reader)).rejects.toMatchObject({ code: 'RD-1204', retryable: true })
    expect(await reader.next()).toBeUndefined()
  })

  it.each([
    ['missing', 'none.csv', 'RD-1201', /none\.csv does not exist/],
    ['a folder', 'dir', 'RD-1202', /dir is a folder/],
  ])('a path that is %s is refused', async (_what, name, code, message) => {
    mkdirSync(join(folder.path, 'dir'), { recursive: true })
    for (const source of [
      csv(join(folder.path, name)),
      jsonl(join(folder.path, name)),
      json(join(folder.path, name)),
    ]) {
      await expect(adapterOf(source).identify()).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      })
    }
  })

  it('a file that goes between identify and open is refused', async () => {
    const path = folder.write('gone.csv', 'a\n1\n')
    const adapter = adapterOf(csv(path))
    const identity = await adapter.identify()
    renameSync(path, `${path}.old`)
    await expect(adapter.open(identity)).rejects.toMatchObject({ code: 'RD-1201' })
  })

  it('withInput reads another file or a stream with the same options', async () => {
    const path = folder.write('other.csv', 'a;b\n1;2\n')
    const source = csv('none.csv', { delimiter: ';', key: (row) => row['b'] })
    const other = adapterOf(source).withInput!(path)
    const identity = await other.identify()
    expect(identity.key).toBe(`csv:${path}`)
    const [chunk] = await chunksOf(await other.open(identity))
    expect(await other.shape!(chunk!.entries[0]!.payload)).toEqual({ item: { a: '1', b: '2' }, key: '2' })
  })
})
