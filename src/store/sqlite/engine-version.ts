import { RedriveError } from '../../model/redrive-error.ts'

/** First SQLite without the WAL-reset bug: https://sqlite.org/wal.html#walresetbug */
const oldest = [3, 51, 3] as const

/** Refuses an engine that can corrupt a ledger. RD-1002. */
export function checkEngine(version: string): void {
  const parts = version.split('.').map(Number)
  const at = oldest.findIndex((part, index) => (parts[index] ?? 0) !== part)
  if (at < 0 || (parts[at] ?? 0) > oldest[at]!) return
  throw new RedriveError('RD-1002', {
    what: `This Node brings SQLite ${version}; redrive needs ${oldest.join('.')} or newer`,
    why: 'Older ones can corrupt a database in write-ahead mode when its log is reset.',
  })
}
