import { expect, test } from 'vitest'
import { seededFolder } from '../seeded-folder.fixture.ts'

const { run, json } = seededFolder()

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
