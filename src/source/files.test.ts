import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import type { FileReference } from './file-reference.ts'
import { files } from './files.ts'
import type { FoundFile } from './found-file.ts'
import { chunksOf, entriesOf, testFolder } from './reading.fixture.ts'

const folder = testFolder()
const write = (name: string, content: string | Uint8Array) => folder.write(name, content)
const glob = (pattern: string) =>
  pattern.startsWith('!') ? `!${join(folder.path, pattern.slice(1))}` : join(folder.path, pattern)
const paths = async (...patterns: string[]) =>
  (await entriesOf(files(patterns.map(glob)))).map(({ payload }) =>
    (payload as FileReference).path.split('/').slice(-2).join('/'),
  )

/** A reference as the ledger keeps it. */
async function keptReference(name: string, content: string) {
  const path = write(name, content)
  const adapter = adapterOf(files(path))
  const [entry] = await entriesOf(adapter)
  const payload = JSON.parse(JSON.stringify(await adapter.forKeeping!(entry!.payload))) as FileReference
  return { adapter, path, payload }
}

describe('files', () => {
  it('finds files by globs, sorted, without those a glob beginning with ! names', async () => {
    for (const name of ['in/b.txt', 'in/a.txt', 'in/a.pdf', 'in/old/c.txt', 'in/new/d.txt']) write(name, 'x')
    expect(await paths('in/**/*.txt', '!in/old/**')).toEqual(['in/a.txt', 'in/b.txt', 'new/d.txt'])
    expect(await paths('in/*')).toEqual(['in/a.pdf', 'in/a.txt', 'in/b.txt'])
    expect(await paths('in/*.pdf', 'in/a.*')).toEqual(['in/a.pdf', 'in/a.txt'])
    expect(await paths('nothing/**')).toEqual([])
  })

  it('gives paths as the globs are: relative to the working directory, or absolute', async () => {
    const list = async (...globs: string[]) => (await adapterOf(files(globs)).identify()).evidence
    expect(await list('src/source/file*.ts', '!**/*.test.ts', `!${process.cwd()}/src/source/files.ts`)).toEqual({
      files: ['src/source/file-feed.ts', 'src/source/file-identity.ts', 'src/source/file-reference.ts'],
    })
    expect(await list(`${process.cwd()}/src/source/files*.ts`, '!src/**/*.test.ts')).toEqual({
      files: [join(process.cwd(), 'src/source/files.ts')],
    })
  })

  it('gives path, size, bytes and text; the key is the path', async () => {
    const path = write('one/é.txt', 'née')
    const adapter = adapterOf(files(path))
    const [entry] = await entriesOf(adapter)
    const shaped = await adapter.shape!(entry!.payload)
    const { item, key } = shaped as { item: FoundFile; key: string }
    expect(key).toBe(path)
    expect(item.path).toBe(path)
    expect(item.size).toBe(4)
    expect(await item.bytes()).toEqual(new Uint8Array(Buffer.from('née')))
    expect(await item.text()).toBe('née')
    expect(entry!.payload).toEqual({ path: item.path, sizeBytes: 4, mtimeMs: expect.any(Number) })
  })

  it('text is strict UTF-8; a byte order mark is no part of it', async () => {
    const texts = ['bad', 'bom'].map(async (name) => {
      const path = write(`two/${name}.txt`, name === 'bad' ? Buffer.from('caf\xe9', 'latin1') : '\ufeff{}')
      const adapter = adapterOf(files(path))
      const [entry] = await entriesOf(adapter)
      return ((await adapter.shape!(entry!.payload)) as { item: FoundFile }).item.text()
    })
    await expect(texts[0]).rejects.toMatchObject({ code: 'TEXT_NOT_UTF8' })
    expect(await texts[1]).toBe('{}')
  })

  it('is kept as a reference with the hash of its content, and found again by it', async () => {
    const { adapter, path, payload } = await keptReference('keep/a.txt', 'content')
    expect(payload.hash).toBe('ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73')
    utimesSync(path, 1, 1)
    expect(await adapter.shape!(payload)).toMatchObject({ item: { path: payload.path, size: 7 }, key: payload.path })
  })

  it.each([
    ['is gone', (path: string) => rmSync(path), 'FILE_MISSING'],
    ['has another size', (path: string) => writeFileSync(path, 'contents'), 'FILE_CHANGED'],
    ['has another content of the same size', (path: string) => writeFileSync(path, 'CONTENT'), 'FILE_CHANGED'],
  ])('a kept file that %s is refused', async (what, change, code) => {
    const { adapter, path, payload } = await keptReference(`changed/${what}.txt`, 'content')
    change(path)
    expect(await adapter.shape!(payload)).toMatchObject({ refused: { code }, key: payload.path })
  })

  it.each([null, 5, {}, { path: 5 }, { path: '' }])('the payload %j is no reference', async (payload) => {
    expect(await adapterOf(files('*.none')).shape!(payload)).toMatchObject({ refused: { code: 'FILE_REFERENCE' } })
  })

  it('a reference that was repaired by another path is taken', async () => {
    const path = write('repaired/b.txt', 'b')
    expect(await adapterOf(files('*.none')).shape!({ path })).toMatchObject({ item: { size: 1 }, key: path })
  })

  it('a file of the list that is gone when its turn comes is unreadable, with its path; so is not the next', async () => {
    const first = write('gone/a.txt', 'a')
    write('gone/b.txt', 'b')
    const adapter = adapterOf(files(glob('gone/*')))
    const identity = await adapter.identify()
    rmSync(first)
    const entries = (await chunksOf(await adapter.open(identity))).flatMap((chunk) => chunk.entries)
    expect(entries).toMatchObject([
      { position: 0, payload: null, unreadable: { error: { code: 'ENOENT' } } },
      { position: 1, payload: { sizeBytes: 1 } },
    ])
    const { raw } = entries[0]!.unreadable!
    expect(adapter.readRaw(raw, undefined)).toMatchObject({ error: { code: 'RD-1201' } })
    write('gone/a.txt', 'again')
    expect(adapter.readRaw(raw, undefined)).toMatchObject({ payload: { path: raw, sizeBytes: 5 } })
  })

  it('a folder that cannot be read is a failure, not a gap in the list', async () => {
    const adapter = adapterOf(files(glob(`${'x'.repeat(300)}/*`)))
    await expect(adapter.identify()).rejects.toMatchObject({
      code: 'RD-1201',
      message: expect.stringContaining('(ENAMETOOLONG)'),
    })
  })

  it('the list is the identity', async () => {
    write('list/a.txt', 'a')
    write('list/b.txt', 'b')
    const adapter = adapterOf(files(glob('list/*')))
    const kept = await adapter.identify()
    expect(adapter.compare(kept, await adapter.identify())).toEqual({ same: true })
    write('list/c.txt', 'c')
    rmSync(join(folder.path, 'list/a.txt'))
    const comparison = adapter.compare(kept, await adapter.identify()) as { differs: string }
    expect(comparison.differs).toMatch(/^1 file is new \(\S*list\/c\.txt\), 1 file is gone \(\S*list\/a\.txt\)$/)
  })

  it.each([[], '', ['a', 5], ['!a'], undefined])('refuses the globs %j', (globs) => {
    expect(() => files(globs as string[])).toThrow(/^RD-1101: files: /)
  })
})
