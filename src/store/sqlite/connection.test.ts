import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { createConnection } from './connection.ts'

const folder = mkdtempSync(join(tmpdir(), 'redrive-connection-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sqliteError = (errcode: number) =>
  Object.assign(new Error('as SQLite says'), { code: 'ERR_SQLITE_ERROR', errcode })

/** A connection whose next commit fails, before or after it is on the disk. */
function openBreakable(name: string) {
  const faults: { commit?: 'before' | 'after'; errcode: number } = { errcode: 10 }
  let opened = 0
  const connection = createConnection({
    url: 'sqlite:x',
    inMemory: false,
    open: () => {
      opened += 1
      const database = new DatabaseSync(join(folder, name))
      database.exec('pragma journal_mode = wal; create table if not exists t (x)')
      const prepare = database.prepare.bind(database)
      database.prepare = (sql: string) => (sql === 'commit' ? breakable(prepare(sql)) : prepare(sql))
      return database
    },
  })
  const breakable = (statement: StatementSync) => {
    const run = statement.run.bind(statement)
    statement.run = () => {
      const when = faults.commit
      delete faults.commit
      if (when === 'before') throw sqliteError(faults.errcode)
      const result = run()
      if (when === 'after') throw sqliteError(faults.errcode)
      return result
    }
    return statement
  }
  const insert = (x: number) => connection.write(() => connection.statement('insert into t values (?)').run(x))
  const rows = () =>
    connection.read(() =>
      connection
        .statement('select x from t order by x')
        .all()
        .map((row) => row['x']),
    )
  return { connection, faults, insert, rows, opened: () => opened }
}

test.each([
  ['before', [1, 3]],
  ['after', [1, 2, 3]],
] as const)(
  'a commit that fails %s it is durable is unknown; the connection is opened anew, never asked again',
  async (when, expected) => {
    const { connection, faults, insert, rows, opened } = openBreakable(`${when}.db`)
    await insert(1)
    faults.commit = when
    const error = await insert(2).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'RD-1305', unknown: true })
    await insert(3)
    expect(await rows()).toEqual(expected)
    expect(opened()).toBe(2)
    connection.close()
  },
)

test('a commit that is refused for a lock is taken back, and known not to be durable', async () => {
  const { connection, faults, insert, rows, opened } = openBreakable('busy.db')
  faults.commit = 'before'
  faults.errcode = 5
  const error = (await insert(1).catch((thrown: unknown) => thrown)) as { code: string; unknown?: boolean }
  expect([error.code, error.unknown]).toEqual(['RD-1302', undefined])
  await insert(2)
  expect(await rows()).toEqual([2])
  expect(opened()).toBe(1)
  connection.close()
})

test.each([
  [13, 'RD-1305', 1],
  [8, 'RD-1305', 1],
  [10, 'RD-1305', 2],
  [522, 'RD-1305', 2],
  [11, 'RD-1304', 1],
  [5, 'RD-1302', 1],
  [261, 'RD-1302', 1],
  [14, 'RD-1301', 1],
  [19, 'RD-1999', 1],
])('SQLite error %i inside a transaction is %s, and nothing is written', async (errcode, code, connections) => {
  const { connection, insert, rows, opened } = openBreakable(`inside-${errcode}.db`)
  const failing = connection.write(() => {
    connection.statement('insert into t values (7)').run()
    throw sqliteError(errcode)
  })
  expect(await failing.catch((thrown: unknown) => thrown)).toMatchObject({ code })
  await insert(8)
  expect(await rows()).toEqual([8])
  expect(opened()).toBe(connections)
  connection.close()
})
