import type { DatabaseSync } from 'node:sqlite'
import { RedriveError } from '../../model/redrive-error.ts'
import { applicationId, migrations, schemaVersion } from './schema.ts'

/** Brings a ledger to the newest schema, in one transaction; several processes may try at once. RD-1303 if it is newer, RD-1304 if the database is something else. */
export function migrate(database: DatabaseSync, url: string): void {
  if (checkVersion(database, url) === schemaVersion) return
  database.exec('begin immediate')
  try {
    // Asked again under the lock: another process may have been faster.
    for (const migration of migrations.slice(checkVersion(database, url))) database.exec(migration)
    database.exec(`pragma application_id = ${applicationId}; pragma user_version = ${schemaVersion}`)
    database.exec('commit')
  } catch (thrown) {
    if (database.isTransaction) database.exec('rollback')
    throw thrown
  }
}

function checkVersion(database: DatabaseSync, url: string): number {
  const version = readPragma(database, 'user_version')
  const owner = readPragma(database, 'application_id')
  const empty = database.prepare('select 1 from sqlite_master limit 1').get() === undefined
  if (owner !== applicationId && !(empty && version === 0 && owner === 0)) {
    throw new RedriveError('RD-1304', {
      what: `${url} is a SQLite database, but no ledger of redrive`,
      why: 'It has tables, and does not bear the mark of a ledger.',
      fix: 'Give the path of a ledger, or one where no file is yet.',
    })
  }
  if (version > schemaVersion) {
    throw new RedriveError('RD-1303', {
      what: `The ledger ${url} has schema ${version}; this redrive knows up to ${schemaVersion}`,
      why: 'A newer redrive has written it.',
    })
  }
  return version
}

function readPragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0])
}
