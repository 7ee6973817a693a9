import type { DatabaseSync } from 'node:sqlite'
import { migrate } from './migrate.ts'
import { toNumber } from './query-functions.ts'

/** Makes a fresh connection a ledger's: durable commits, checkpoints left to the keeper, the newest schema, the functions that queries use. Closes it if that fails. */
export function setUp(database: DatabaseSync, url: string): DatabaseSync {
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0')
    database.exec('pragma temp_store = memory; pragma cache_size = -32000')
    migrate(database, url)
    database.function('redrive_number', { deterministic: true }, (value) => toNumber(value) ?? null)
    database.function('redrive_lower', { deterministic: true }, (value) =>
      value === null ? null : String(value).toLowerCase(),
    )
    return database
  } catch (thrown) {
    database.close()
    throw thrown
  }
}
