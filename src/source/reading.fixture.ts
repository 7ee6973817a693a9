import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { adapterOf } from './adapter-of.ts'
import type { Source } from './declared-source.ts'
import type { Chunk, Entry, Reader } from './source.ts'

/** A folder for the tests of one file, removed after them. */
export function testFolder(): { readonly path: string; write(name: string, content: string | Uint8Array): string } {
  const path = mkdtempSync(join(tmpdir(), 'redrive-source-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
  }
}

/** All chunks of a reader. */
export async function chunksOf(reader: Reader): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for (let chunk = await reader.next(); chunk; chunk = await reader.next()) chunks.push(chunk)
  return chunks
}

/** All entries of a source. */
export async function entriesOf(source: Source<unknown, unknown>): Promise<Entry[]> {
  const adapter = adapterOf(source)
  const reader = await adapter.open(await adapter.identify())
  return (await chunksOf(reader)).flatMap((chunk) => chunk.entries)
}

/** What an entry comes to: payload, or code and raw text. */
export function plainly(entries: readonly Entry[]): unknown[] {
  return entries.map(({ payload, unreadable }) =>
    unreadable ? { code: (unreadable.error as { code?: string }).code, raw: unreadable.raw } : payload,
  )
}

/** Everything about entries, comparable. */
export function wholly(entries: readonly Entry[]): unknown[] {
  return entries.map(({ unreadable, ...rest }) => ({
    ...rest,
    ...(unreadable && {
      code: (unreadable.error as { code?: string }).code,
      message: unreadable.error.message,
      raw: unreadable.raw,
    }),
  }))
}

/** The bytes of a text in pieces, cut anywhere. */
export async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** A name that no other test has. */
export function freshName(): string {
  return randomBytes(6).toString('hex')
}
