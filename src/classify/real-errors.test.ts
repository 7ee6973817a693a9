import { spawn } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { classify } from './classify.ts'

/** What `act` throws, now or later. */
async function thrownBy(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
function inDatabase(sql: string): void {
  const database = new DatabaseSync(':memory:')
  database.exec(
    'create table orders (id integer primary key, sku text not null unique, amount integer check (amount > 0)) strict',
  )
  database.exec("insert into orders values (1, 'a', 1)")
  database.exec(sql)
}
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 1
}
/** A server that accepts and hangs up at once. */
async function fetchFromHangUp(): Promise<unknown> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    return await fetch(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 1}/`)
  } finally {
    server.close()
  }
}
function spawnMissing(): Promise<unknown> {
  return new Promise((_resolve, reject) => void spawn('no-such-program-anywhere').on('error', reject))
}
const notADatabase = () => {
  const path = join(tmpdir(), `redrive-classify-${process.pid}.db`)
  writeFileSync(path, 'this is no database, but long enough to have a header'.repeat(20))
  try {
    new DatabaseSync(path).exec('select * from sqlite_master')
  } finally {
    rmSync(path)
  }
}

describe('errors as Node and the libraries really throw them', () => {
  it.each<[what: string, act: () => unknown, verdict: string, rule: string]>([
    ['reading a file that is missing', () => readFileSync('/no/such/file'), 'filesystem/permanent', 'node/ENOENT'],
    ['reading a directory', () => readFileSync('/'), 'filesystem/permanent', 'node/EISDIR'],
    ['starting a program that is missing', spawnMissing, 'system/fatal', 'node/spawn'],
    [
      'fetching from a closed port',
      async () => fetch(`http://127.0.0.1:${await closedPort()}/`),
      'network/recoverable',
      'node/ECONNREFUSED',
    ],
    ['fetching from a server that hangs up', fetchFromHangUp, 'network/transient', 'http/UND_ERR_SOCKET'],
    ['fetching a bad address', () => fetch('nonsense'), 'validation/permanent', 'node/ERR_INVALID_URL'],
    [
      'fetching with a signal that timed out',
      () =>
        fetch('http://127.0.0.1:9/', {
          signal: AbortSignal.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
        }),
      'timeout/transient',
      'node/abort-timeout',
    ],
    ['an aborted signal', () => AbortSignal.abort().throwIfAborted(), 'timeout/transient', 'node/abort'],
    [
      'looking up a host that cannot be',
      () =>
        lookup('no-such-host.invalid').catch((error: Error) => {
          throw Object.assign(error, { code: 'ENOTFOUND' })
        }),
      'network/recoverable',
      'node/ENOTFOUND',
    ],
    ['JSON', () => JSON.parse('{"a":'), 'parsing/permanent', 'parse/json'],
    ['JSON that is a page', () => JSON.parse('\n<!doctype html>'), 'parsing/recoverable', 'parse/json-html'],
    ['JSON with a page inside', () => JSON.parse('[<null>]'), 'parsing/permanent', 'parse/json'],
    ['a page as the answer of fetch', () => new Response('<html>').json(), 'parsing/recoverable', 'parse/json-html'],
    [
      'bytes that are no UTF-8',
      () => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])),
      'parsing/permanent',
      'node/ERR_ENCODING_INVALID_ENCODED_DATA',
    ],
    ['bytes that are no gzip', () => gunzipSync(Buffer.from('nonsense')), 'parsing/permanent', 'node/Z_DATA_ERROR'],
    ['decodeURIComponent', () => decodeURIComponent('%'), 'parsing/permanent', 'parse/encoding'],
    ['a call of undefined', () => (undefined as unknown as () => void)(), 'system/permanent', 'node/type-error'],
    ['a field of undefined', () => (undefined as unknown as { a: 1 }).a, 'system/permanent', 'node/type-error'],
    [
      'endless recursion',
      () => {
        const again = (): number => again() + 1
        again()
      },
      'memory/permanent',
      'node/stack',
    ],
    ['a string too long', () => 'x'.repeat(2 ** 30), 'memory/permanent', 'node/stack'],
    ['an array too long', () => new Array(-1), 'validation/permanent', 'node/RangeError'],
    ['a bad argument', () => readFileSync({} as never), 'validation/permanent', 'node/ERR_INVALID_ARG_TYPE'],
    ['a module that is missing', () => import(`no-such-module-${'x'}`), 'system/fatal', 'node/'],
    [
      'SQLite: a duplicate',
      () => inDatabase("insert into orders values (1, 'b', 1)"),
      'conflict/permanent',
      'sqlite/SQLITE_CONSTRAINT_PRIMARYKEY',
    ],
    [
      'SQLite: a duplicate of a unique column',
      () => inDatabase("insert into orders values (2, 'a', 1)"),
      'conflict/permanent',
      'sqlite/SQLITE_CONSTRAINT_UNIQUE',
    ],
    [
      'SQLite: null',
      () => inDatabase('insert into orders values (2, null, 1)'),
      'validation/permanent',
      'sqlite/SQLITE_CONSTRAINT_NOTNULL',
    ],
    [
      'SQLite: check',
      () => inDatabase("insert into orders values (2, 'b', -1)"),
      'validation/permanent',
      'sqlite/SQLITE_CONSTRAINT_CHECK',
    ],
    ['SQLite: a missing table', () => inDatabase('select * from trips'), 'schema/fatal', 'sqlite/missing'],
    ['SQLite: a missing column', () => inDatabase('select price from orders'), 'schema/fatal', 'sqlite/missing'],
    ['SQLite: bad SQL', () => inDatabase('selct 1'), 'parsing/permanent', 'pg/sql-syntax'],
    [
      'SQLite: a type',
      () => inDatabase("insert into orders values (2, 'b', 'many')"),
      'validation/permanent',
      'sqlite/SQLITE_CONSTRAINT_DATATYPE',
    ],
    ['SQLite: no database', notADatabase, 'parsing/fatal', 'sqlite/SQLITE_NOTADB'],
    [
      'SQLite: a folder that is missing',
      () => new DatabaseSync('/no/such/folder/x.db'),
      'filesystem/fatal',
      'sqlite/SQLITE_CANTOPEN',
    ],
    ['zod', () => z.object({ a: z.number() }).parse({ a: 'x' }), 'validation/permanent', 'schema/issues'],
    ['valibot', () => v.parse(v.object({ a: v.number() }), { a: 'x' }), 'validation/permanent', 'schema/issues'],
  ])('%s', async (_what, act, verdict, rule) => {
    const { type, disposition, by, why } = classify(await thrownBy(act))
    expect({ verdict: `${type}/${disposition}`, by }).toEqual({ verdict, by: 'rule' })
    expect(why).toContain(`rule ${rule}`)
  })
})
