import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { jobFolder } from '../job-folder.fixture.ts'
import { jsonLines } from '../test-world.fixture.ts'

const { path, run, write } = jobFolder()
const statuses = (stdout: string) =>
  Object.fromEntries(jsonLines<{ check: string; status: string }>(stdout).map(({ check, status }) => [check, status]))

test('without a ledger all is well, and none is made', async () => {
  const { exitCode, stdout } = await run(['doctor', '--json'])
  expect([exitCode, statuses(stdout)]).toEqual([
    0,
    { node: 'ok', sqlite: 'ok', ledger: 'ok', disk: 'ok', clock: 'ok', keys: 'ok', temp: 'ok' },
  ])
  expect(existsSync(path('.redrive'))).toBe(false)
})

test('a ledger is opened, checked for damage and for who may read it; a warning is exit 0 and has its fix', async () => {
  write(
    'one.ts',
    `import { from, job } from 'redrive'\nexport default job({ name: 'one', source: from([1]), run: () => 1 })`,
  )
  await run(['run', 'one.ts'])
  const sound = await run(['doctor', '--json'])
  expect([sound.exitCode, statuses(sound.stdout)]).toMatchObject([
    0,
    { ledger: 'ok', integrity: 'ok', permissions: 'ok' },
  ])
  chmodSync(path('.redrive/ledger.db'), 0o644)
  const open = await run(['doctor'])
  expect([open.exitCode, open.stdout, open.stderr]).toEqual([
    0,
    expect.stringMatching(/permissions +! warning/),
    expect.stringMatching(/! permissions: chmod 600 .*ledger\.db/),
  ])
})

test('a ledger that is none exits 6 with its fix', async () => {
  mkdirSync(path('bad'))
  writeFileSync(
    path('bad/ledger.db'),
    'this is no database at all, but long enough to be read as a header of one'.repeat(20),
  )
  const { exitCode, stdout, stderr } = await run(['doctor', '--store', `sqlite:${path('bad/ledger.db')}`])
  expect([exitCode, stdout, stderr]).toEqual([
    6,
    expect.stringMatching(/ledger +✗ wrong +RD-1304/),
    expect.stringMatching(/✗ ledger: /),
  ])
})

test('a clock before the newest change, or keys that are none, exit 2', async () => {
  const clock = await run(['doctor', '--json'], { nowMs: Date.UTC(2026, 0, 2) })
  expect([clock.exitCode, statuses(clock.stdout)['clock'], clock.stderr]).toEqual([
    2,
    'wrong',
    expect.stringContaining('✗ clock: Set the clock'),
  ])
  const keys = await run(['doctor', '--json'], { env: { REDRIVE_KEYS: 'nonsense' } })
  expect([keys.exitCode, statuses(keys.stdout)['keys']]).toEqual([2, 'wrong'])
})
