import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSqlite } from '../store/sqlite/open-sqlite.ts'
import { begin, checkpointOf, codeOf, upTo } from './conformance/fixtures.ts'
import { type FailPoint, openFaultyStore } from './faulty-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'redrive-faulty-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is known after a commit of one, two, three positions, of which the third meets the fault. */
const points: readonly (readonly [at: FailPoint, known: number])[] = [
  ['before-commit', 2],
  ['inside-commit', 2],
  ['after-commit', 3],
]

test.each(points)('a fault %s throws at the third commit, and %i positions are known then', async (at, known) => {
  const store = await openFaultyStore({
    open: (onCommitStep) => openSqlite(':memory:', { onCommitStep }),
    faults: [{ at, nth: 3, act: 'throw' }],
  })
  const { commit } = await begin(store)
  for (const n of [1, 2]) await commit({ checkpoint: checkpointOf(9, upTo(n)) })
  const error = await commit({ checkpoint: checkpointOf(9, upTo(3)) }).catch(
    (thrown: unknown) => thrown as { code: string; unknown?: boolean },
  )
  expect([error?.code, error?.unknown]).toEqual(['RD-1305', at === 'after-commit' ? true : undefined])
  expect((await store.runs.counts('b_1')).succeeded).toBe(known)
  expect(await codeOf(commit({ checkpoint: checkpointOf(9, upTo(4)) }))).toBe(undefined)
  await store.close()
})

test.each(points)('a process that dies %s leaves a sound ledger in which %i positions are known', async (at, known) => {
  const path = join(folder, `${at}.db`)
  const code = `
    import { openSqlite } from ${JSON.stringify(new URL('../store/sqlite/open-sqlite.ts', import.meta.url).href)}
    import { openFaultyStore } from ${JSON.stringify(new URL('./faulty-store.ts', import.meta.url).href)}
    import { begin, checkpointOf, upTo } from ${JSON.stringify(new URL('./conformance/fixtures.ts', import.meta.url).href)}
    const open = (onCommitStep) => openSqlite(${JSON.stringify(path)}, { onCommitStep })
    const store = await openFaultyStore({ open, faults: [{ at: ${JSON.stringify(at)}, nth: (n) => n === 3, act: 'kill' }] })
    const { commit } = await begin(store)
    for (const n of [1, 2, 3]) await commit({ checkpoint: checkpointOf(9, upTo(n)) })
  `
  const died = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect([died.signal, died.stderr]).toEqual(['SIGKILL', ''])
  const store = await openSqlite(path)
  expect((await store.runs.counts('b_1')).succeeded).toBe(known)
  expect(await store.check()).toEqual([])
  await store.close()
})
