import type { ErrorCode } from '../../model/error-table.ts'
import { RedriveError } from '../../model/redrive-error.ts'

/** Primary result codes of SQLite: https://sqlite.org/rescode.html */
const codes: { readonly [primary: number]: ErrorCode } = {
  5: 'RD-1302', // SQLITE_BUSY
  6: 'RD-1302', // SQLITE_LOCKED
  8: 'RD-1305', // SQLITE_READONLY
  10: 'RD-1305', // SQLITE_IOERR
  11: 'RD-1304', // SQLITE_CORRUPT
  13: 'RD-1305', // SQLITE_FULL
  14: 'RD-1301', // SQLITE_CANTOPEN
  3: 'RD-1301', // SQLITE_PERM
  23: 'RD-1301', // SQLITE_AUTH
  26: 'RD-1304', // SQLITE_NOTADB
}

const sentences: { readonly [Code in ErrorCode]?: string } = {
  'RD-1301': 'could not be opened',
  'RD-1302': 'is locked by another process',
  'RD-1304': 'is damaged, or no ledger',
  'RD-1305': 'cannot be written',
}

/** redrive's error for whatever a driver threw: always a `RedriveError`. `unknown`: the transaction may be durable all the same. */
export function storageError(
  thrown: unknown,
  url: string,
  unknown = false,
): RedriveError & { readonly unknown?: boolean } {
  if (thrown instanceof RedriveError) return thrown
  const primary = primaryCode(thrown)
  const code = unknown ? 'RD-1305' : ((primary === undefined ? undefined : codes[primary]) ?? 'RD-1999')
  const why = thrown instanceof Error ? `SQLite says: ${thrown.message}.` : String(thrown)
  const error = new RedriveError(code, {
    what:
      code === 'RD-1999' ? `The ledger ${url} refused a statement` : `The ledger ${url} ${sentences[code] ?? 'failed'}`,
    why: unknown
      ? `${why} Whether the last commit is durable is not known: what the ledger holds after it is opened again decides.`
      : why,
    cause: thrown,
  })
  return unknown ? Object.assign(error, { unknown }) : error
}

/** SQLite's primary result code of an error that node:sqlite threw; undefined for any other. */
export function primaryCode(thrown: unknown): number | undefined {
  const errcode = (thrown as { errcode?: unknown } | null | undefined)?.errcode
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}
