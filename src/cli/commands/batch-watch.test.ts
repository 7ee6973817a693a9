import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqlite } from '../../store/sqlite/open-sqlite.ts'
import type { Store } from '../../store/store.ts'
import { alive, dead, finished, now, seed } from '../seeded-ledger.fixture.ts'
import { cli, jsonLines, type TestWorld } from '../test-world.fixture.ts'

let cwd: string
let store: Store
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'redrive-watch-'))
  store = await openSqlite(join(cwd, '.redrive/ledger.db'))
  await seed(store)
})
afterEach(async () => {
  await store.close()
  rmSync(cwd, { recursive: true })
})
const watch = (words: string, test: TestWorld = {}) =>
  cli(['batch', 'watch', ...words.split(' ')], { cwd, nowMs: now, ...test })

/** Ends the batch at the third look. */
function runner() {
  let looks = 0
  return async () => {
    looks++
    const notice = { type: 'notice', code: 'breaker', message: 'smtp opened' } as const
    if (looks === 2) await store.runs.commit({ batchId: alive, epoch: 1, atMs: now, notices: [notice] })
    if (looks === 3)
      await store.runs.commit({
        batchId: alive,
        epoch: 1,
        atMs: now,
        batch: { from: 'running', to: 'completed', endedAtMs: now },
      })
  }
}

describe('batch watch', () => {
  test('follows the batch until it ends, takes the panel away, prints the report and exits as the batch does', async () => {
    const { exitCode, stdout, stderr } = await watch(alive, { columns: 80, sleep: runner() })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^✓ Completed: 100 items, nothing in quarantine\.\n/)
    expect(stdout).not.toContain('\u001b')
    expect(stderr).toContain(`mail ${alive}  running`)
    expect(stderr).toContain('! smtp opened')
    expect(stderr).toContain('⊘ smtp unreadable')
    expect(stderr.endsWith('\r\u001b[J')).toBe(true)
  })

  test('with --json prints each change as a line, and the report as the last one', async () => {
    const { exitCode, stdout } = await watch(`${alive} --json -q`, { sleep: runner() })
    const lines = jsonLines(stdout)
    expect(lines.slice(0, -1)).toEqual([
      {
        seq: expect.any(Number),
        at: new Date(now).toISOString(),
        batchId: alive,
        type: 'notice',
        code: 'breaker',
        message: 'smtp opened',
      },
      {
        seq: expect.any(Number),
        at: new Date(now).toISOString(),
        batchId: alive,
        type: 'batch',
        from: 'running',
        to: 'completed',
      },
    ])
    expect(lines.at(-1)).toMatchObject({ schema: 1, batchId: alive, state: 'completed', exitCode: 0 })
    expect(exitCode).toBe(0)
  })

  test.each([{ CI: 'true' }, { TERM: 'dumb' }])(
    'with %j there is one line each 10 s, and nothing that moves a cursor',
    async (env) => {
      let looks = 0
      const sleep = async () => {
        looks++
        await store.runs.renew(alive, 1, now + looks * 1_000 + 5_000)
        if (looks === 25)
          await store.runs.commit({
            batchId: alive,
            epoch: 1,
            atMs: now,
            batch: { from: 'running', to: 'completed', endedAtMs: now },
          })
      }
      const { stderr } = await watch(alive, { columns: 80, env, sleep })
      expect(stderr).not.toContain('\u001b')
      expect(stderr.trim().split('\n').length).toBe(3)
      expect(stderr).toContain(`mail ${alive} running 100% 100/100`)
    },
  )

  test('a batch that ended is reported at once; one that nobody runs is interrupted', async () => {
    expect((await watch(finished)).exitCode).toBe(3)
    const { exitCode, stdout } = await watch(dead)
    expect(exitCode).toBe(130)
    expect(stdout).toContain(`redrive batch resume ${dead}`)
  })

  test('when the lease of its runner runs out, watching ends too', async () => {
    expect((await watch(alive)).exitCode).toBe(130)
  })

  test('a paused batch is watched while its runner lives', async () => {
    await store.runs.commit({ batchId: alive, epoch: 1, atMs: now, batch: { from: 'running', to: 'paused' } })
    let looks = 0
    const { exitCode } = await watch(alive, { sleep: async () => void looks++ })
    expect(exitCode).toBe(5)
    expect(looks).toBeGreaterThan(3)
  })
})
