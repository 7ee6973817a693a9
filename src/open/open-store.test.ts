import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RedriveError } from '../model/redrive-error.ts'
import { openStore, storeUrl } from './open-store.ts'

test.each([
  [{ flag: 'memory:', env: { REDRIVE_STORE: 'sqlite:a' } }, 'memory:'],
  [{ env: { REDRIVE_STORE: 'sqlite:a' } }, 'sqlite:a'],
  [{ flag: '', env: { REDRIVE_STORE: '' } }, 'sqlite:.redrive/ledger.db'],
  [{}, 'sqlite:.redrive/ledger.db'],
])('the URL for %j is %s', (from, expected) => {
  expect(storeUrl(from)).toBe(expected)
})

test('memory: and sqlite:PATH are opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redrive-open-'))
  const stores = [await openStore('memory:'), await openStore(`sqlite:${folder}/deep/ledger.db`)]
  expect(stores.map((store) => store.url)).toEqual(['memory:', `sqlite:${folder}/deep/ledger.db`])
  await Promise.all(stores.map((store) => store.close()))
  rmSync(folder, { recursive: true })
})

test.each([
  ['ledger.db', 'RD-1306', 'Did you mean sqlite:ledger.db?'],
  ['sqlite3:ledger.db', 'RD-1306', 'Did you mean sqlite:ledger.db?'],
  ['sqlite://ledger.db', 'RD-1306', 'Did you mean sqlite:ledger.db?'],
  ['file:///tmp/x.db', 'RD-1306', 'Did you mean sqlite:/tmp/x.db?'],
  ['mem:', 'RD-1306', 'Did you mean memory:?'],
  ['mysql://u:p@host/db', 'RD-1306', 'Use sqlite:PATH or memory:.'],
  ['', 'RD-1306', 'Use sqlite:PATH or memory:.'],
  ['postgres://user:hunter2@host/db', 'RD-1910', 'Use sqlite:PATH.'],
  ['postgresql://host/db', 'RD-1910', 'Use sqlite:PATH.'],
])('%j is refused with %s: %s', async (url, code, fix) => {
  const error = (await openStore(url).catch((thrown: unknown) => thrown)) as RedriveError
  expect([error.code, error.fix]).toEqual([code, fix])
  expect(error.message).not.toContain('hunter2')
})
