import { statSync } from 'node:fs'
import type { StoreInfo } from '../store.ts'
import type { Connection } from './connection.ts'
import { schemaVersion } from './schema.ts'

/** At most so many findings are listed. */
const findingsMax = 100

export function readInfo(connection: Connection, file: string | undefined): Promise<StoreInfo> {
  return connection.snapshot(() => {
    const counts = connection
      .statement(`select sqlite_version() as version, (select page_count from pragma_page_count()) * (select page_size from pragma_page_size()) as size,
        (select count(*) from batches) as batches, (select count(*) from letters) as letters, (select count(*) from operations) as operations`)
      .get() as { version: string; size: number; batches: number; letters: number; operations: number }
    return {
      kind: 'sqlite',
      url: connection.url,
      engine: `SQLite ${counts.version}`,
      schemaVersion,
      sizeBytes: file === undefined ? counts.size : sizeOf(file),
      walBytes: file === undefined ? 0 : sizeOf(`${file}-wal`),
      batches: counts.batches,
      letters: counts.letters,
      operations: counts.operations,
    }
  })
}

/** What SQLite finds wrong, and rows that should not be there. */
export function checkLedger(connection: Connection): Promise<readonly string[]> {
  return connection.snapshot(() => {
    const found = connection
      .passing(`pragma integrity_check(${findingsMax})`)
      .all()
      .map((row) => String(Object.values(row)[0]))
    const findings = found.filter((line) => line !== 'ok')
    for (const [what, sql] of sanity) {
      const { count } = connection.passing(sql).get() as { count: number }
      if (count > 0) findings.push(`${count} ${what}`)
    }
    return findings
  })
}

/** What no transaction of this store ever leaves behind. */
const sanity: readonly (readonly [what: string, sql: string])[] = [
  [
    'quarantined items without a dead letter in quarantine',
    `select count(*) as count from items i where i.state = 'quarantined' and not exists
    (select 1 from letters l where l.batch = i.batch and l.position = i.position and l.state = 'quarantined')`,
  ],
  [
    'dead letters in quarantine whose item is not',
    `select count(*) as count from letters l where l.state = 'quarantined' and not exists
    (select 1 from items i where i.batch = l.batch and i.position = l.position and i.state = 'quarantined')`,
  ],
  [
    'dead letters whose payload is missing',
    `select count(*) as count from letters l where l.payload_version > 0 and not exists
    (select 1 from payloads p where p.batch = l.batch and p.position = l.position and p.version = l.payload_version)`,
  ],
  [
    'batches without a checkpoint',
    'select count(*) as count from batches b where not exists (select 1 from checkpoints c where c.batch = b.no)',
  ],
]

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
