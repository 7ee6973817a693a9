import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { openSqlite } from '../store/sqlite/open-sqlite.ts'
import type { Store } from '../store/store.ts'
import { now, seed } from './seeded-ledger.fixture.ts'
import { cli, jsonLines, type Left, type TestWorld } from './test-world.fixture.ts'

/** For the tests of a file: command lines in a folder with a seeded ledger. */
export function seededFolder() {
  const cwd = mkdtempSync(join(tmpdir(), 'redrive-cli-'))
  let store: Store
  beforeAll(async () => {
    store = await openSqlite(join(cwd, '.redrive/ledger.db'))
    await seed(store)
  })
  afterAll(async () => {
    await store.close()
    rmSync(cwd, { recursive: true })
  })
  const run = (words: string | readonly string[], test: TestWorld = {}): Promise<Left> =>
    cli(typeof words === 'string' ? words.split(' ') : words, { cwd, nowMs: now, ...test })
  /** Lines of standard output as JSON; the command must have gone well and said nothing. */
  const json = async (words: string | readonly string[]) => {
    const { exitCode, stdout, stderr } = await run(words)
    expect([exitCode, stderr]).toEqual([0, ''])
    return jsonLines(stdout)
  }
  return { cwd, run, json }
}
