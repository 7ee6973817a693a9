import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeStore } from '../../testing/store-conformance.ts'
import { openSqlite } from './open-sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'redrive-store-'))
let ledgers = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeStore(
  {
    name: 'SQLite in a file',
    open: () => openSqlite(join(folder, `${++ledgers}`, 'ledger.db')),
    openAgain: (first) => openSqlite(first.url.slice('sqlite:'.length)),
  },
  { describe, it, expect },
)
