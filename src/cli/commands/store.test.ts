import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from '../../store/sqlite/open-sqlite.ts'
import type { Call } from '../command.ts'
import { seededFolder } from '../seeded-folder.fixture.ts'
import { seed } from '../seeded-ledger.fixture.ts'
import { storeCheck } from './store-check.ts'

const { cwd, run, json } = seededFolder()

test('store info and check', async () => {
  expect((await json('store info --json'))[0]).toMatchObject({ kind: 'sqlite', batches: 3, letters: 3, operations: 0 })
  expect((await run('store info')).stdout).toContain('3 batches, 3 dead letters, 0 operations')
  expect((await run('store check')).stdout).toBe('The ledger is sound.\n')
})

test('colours only where they are wanted', async () => {
  const coloured = async (env: { [name: string]: string }, words = 'batches', columns?: number) =>
    (await run(words, { env, ...(columns ? { columns } : {}) })).stdout.includes('\u001b[')
  expect(await coloured({ NO_COLOR: '' }, 'batches', 80)).toBe(true)
  expect(await coloured({ NO_COLOR: '' })).toBe(false)
  expect(await coloured({ NO_COLOR: '', FORCE_COLOR: '1' })).toBe(true)
  expect(await coloured({ NO_COLOR: '1', FORCE_COLOR: '1' }, 'batches', 80)).toBe(false)
  expect(await coloured({ NO_COLOR: '', TERM: 'dumb' }, 'batches', 80)).toBe(false)
  expect(await coloured({ NO_COLOR: '', FORCE_COLOR: '1' }, 'batches --no-color', 80)).toBe(false)
})

test('store check of a damaged file exits 6 with RD-1304', async () => {
  const damaged = join(cwd, 'damaged.db')
  const store = await openSqlite(damaged)
  await seed(store)
  await store.close()
  const bytes = readFileSync(damaged)
  // The head, without which nothing opens, stays.
  writeFileSync(damaged, bytes.fill(0xff, 4 * 4_096))
  const { exitCode, stderr } = await run('store check --store sqlite:damaged.db')
  expect(exitCode).toBe(6)
  expect(stderr).toMatch(/^RD-1304: /)
})

test('store check prints each damage that is found, and then fails', async () => {
  const printed: object[] = []
  const output = { page: async (data: object) => void printed.push(data) }
  const ledger = { url: 'sqlite:x.db', check: async () => ['page 7 is never used', 'row 3 missing'] }
  const call = { output, store: async () => ledger } as unknown as Call
  await expect(storeCheck(call)).rejects.toMatchObject({ code: 'RD-1304', what: '2 damages found in sqlite:x.db.' })
  expect(printed).toEqual([{ sound: false, damage: ['page 7 is never used', 'row 3 missing'] }])
})
