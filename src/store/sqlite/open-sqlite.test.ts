import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import type { RedriveError } from '../../model/redrive-error.ts'
import { begin, checkpointOf, codeOf, newBatch, upTo } from '../../testing/conformance/fixtures.ts'
import { checkEngine } from './engine-version.ts'
import { openSqlite } from './open-sqlite.ts'
import { schemaVersion } from './schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'redrive-open-'))
const moduleUrl = new URL('./open-sqlite.ts', import.meta.url).href
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function refusal(path: string, busyTimeoutMs?: number): Promise<RedriveError> {
  return (await openSqlite(path, busyTimeoutMs === undefined ? {} : { busyTimeoutMs }).catch(
    (thrown: unknown) => thrown,
  )) as RedriveError
}

/** Runs a module in a process of its own; rejects when it doesn't end well. */
function run(code: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'ignore', 'pipe'] })
    let talk = ''
    child.stderr.on('data', (chunk) => {
      talk += chunk
    })
    child.on('exit', (exitCode) => (exitCode === 0 ? resolve() : reject(new Error(talk))))
  })
}

test('folder and files are made, for this user alone', async () => {
  const path = join(folder, 'a', 'b', 'ledger.db')
  const store = await openSqlite(path)
  await begin(store)
  const modes = [path, `${path}-wal`, `${path}-shm`].map((file) => statSync(file).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600, 0o600])
  expect(await store.info()).toMatchObject({
    kind: 'sqlite',
    schemaVersion,
    batches: 1,
    engine: `SQLite ${process.versions['sqlite']}`,
  })
  await store.close()
  expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBe(undefined)
})

test('a file that is no database is refused, and left as it is', async () => {
  const path = join(folder, 'text.db')
  writeFileSync(path, 'not a database, but a letter of some length '.repeat(40))
  expect((await refusal(path)).code).toBe('RD-1304')
  expect(readFileSync(path, 'utf8').startsWith('not a database')).toBe(true)
})

test('a database of something else is refused, and left as it is', async () => {
  const path = join(folder, 'other.db')
  const other = new DatabaseSync(path)
  other.exec('create table orders (id)')
  other.close()
  const error = await refusal(path)
  expect([error.code, error.what]).toEqual(['RD-1304', `sqlite:${path} is a SQLite database, but no ledger of redrive`])
})

test('a ledger of a newer schema is refused', async () => {
  const path = join(folder, 'newer.db')
  await (await openSqlite(path)).close()
  const database = new DatabaseSync(path)
  database.exec(`pragma user_version = ${schemaVersion + 1}`)
  database.close()
  expect((await refusal(path)).code).toBe('RD-1303')
})

test('a ledger that another process holds locked is refused after the wait, and a commit too', async () => {
  const path = join(folder, 'locked.db')
  const store = await openSqlite(path, { busyTimeoutMs: 20 })
  const { commit } = await begin(store)
  const other = new DatabaseSync(path)
  other.exec('begin immediate')
  const error = await commit({ checkpoint: checkpointOf(2, [0]) }).catch(
    (thrown: unknown) => thrown as RedriveError & { unknown?: boolean },
  )
  expect([error?.code, error?.retryable, error?.unknown]).toEqual(['RD-1302', true, undefined])
  other.exec('rollback')
  other.close()
  await commit({ checkpoint: checkpointOf(2, [0]) })
  expect((await store.runs.counts('b_1')).succeeded).toBe(1)
  await store.close()
})

test('a path where no file can be is refused', async () => {
  writeFileSync(join(folder, 'file'), '')
  const error = await refusal(join(folder, 'file', 'ledger.db'))
  expect([error.code, error.exitCode]).toEqual(['RD-1301', 6])
})

test.each([
  ['3.51.2', 'RD-1002'],
  ['3.50.9', 'RD-1002'],
  ['2.99.99', 'RD-1002'],
  ['3.51.3', undefined],
  ['3.51.10', undefined],
  ['3.53.4', undefined],
  ['4.0.0', undefined],
])('SQLite %s: %s', async (version, code) => {
  expect(await codeOf((async () => checkEngine(version))())).toBe(code)
})

test('several processes may open a new ledger at once, and write their batches', async () => {
  const path = join(folder, 'together.db')
  const code = (id: string) => `
    import { openSqlite } from ${JSON.stringify(moduleUrl)}
    const store = await openSqlite(${JSON.stringify(path)})
    await store.runs.create(${JSON.stringify(newBatch(id))})
    await store.close()`
  await Promise.all(upTo(4).map((n) => run(code(`b_${n}`))))
  const store = await openSqlite(path)
  expect((await store.runs.list(undefined, {})).rows.map((row) => row.id).sort()).toEqual(['b_0', 'b_1', 'b_2', 'b_3'])
  await store.close()
})

test('the log stays small under steady writing, and does not outlive the store', async () => {
  const path = join(folder, 'log.db')
  const store = await openSqlite(path)
  const { commit } = await begin(store, newBatch('b_1', { spooled: true }))
  const body = 'x'.repeat(20_000)
  let walBytes = 0
  for (const n of upTo(160)) {
    // 600 KB a commit: a hundred megabytes in all.
    await commit({ spool: upTo(30).map((m) => ({ position: n * 30 + m, body })) })
    await new Promise((resolve) => setImmediate(resolve))
    walBytes = Math.max(walBytes, (await store.info()).walBytes)
  }
  expect(walBytes).toBeGreaterThan(4 * 1_048_576)
  expect(walBytes).toBeLessThan(64 * 1_048_576)
  await store.close()
  expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBe(undefined)
})

test('a store that nobody closes does not keep its process alive', async () => {
  const path = join(folder, 'left.db')
  await run(`
    import { openSqlite } from ${JSON.stringify(moduleUrl)}
    const store = await openSqlite(${JSON.stringify(path)})
    const value = 'x'.repeat(1_000_000)
    for (let n = 0; n < 30; n++) await store.cells.put({ key: 'k' + n, version: 0, value })`)
  const store = await openSqlite(path)
  expect((await store.cells.list('k')).length).toBe(30)
  await store.close()
})

test('the feed keeps the last two hundred thousand changes, and never uses a number twice', async () => {
  const store = await openSqlite(':memory:')
  const { commit } = await begin(store)
  const notices = upTo(10_000).map(() => ({ type: 'notice', code: 'c', message: 'm' }) as const)
  for (const _ of upTo(24)) await commit({ notices })
  const [first] = await store.changes.since(0, 1)
  expect([first?.seq, await store.changes.latest()]).toEqual([40_001, 240_000])
  await store.close()
})
