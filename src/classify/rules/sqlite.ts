import type { CodeRow, PhraseRow, RuleTable } from './rule-table.ts'

const disk = 'Give the process a writable database file with free space, then resume.'
const value = 'Correct the value that the database refuses, then retry.'

const codes: readonly CodeRow[] = [
  {
    is: 'conflict/recoverable',
    codes:
      'SQLITE_BUSY SQLITE_BUSY_SNAPSHOT SQLITE_BUSY_RECOVERY SQLITE_BUSY_TIMEOUT SQLITE_LOCKED SQLITE_LOCKED_SHAREDCACHE SQLITE_PROTOCOL',
  },
  {
    is: 'conflict/permanent',
    codes: 'SQLITE_CONSTRAINT_UNIQUE SQLITE_CONSTRAINT_PRIMARYKEY SQLITE_CONSTRAINT_ROWID',
    say: 'The record is there already: discard the item, or change its key and retry.',
  },
  {
    is: 'validation/permanent',
    codes:
      'SQLITE_CONSTRAINT_NOTNULL SQLITE_CONSTRAINT_FOREIGNKEY SQLITE_CONSTRAINT_CHECK SQLITE_CONSTRAINT_DATATYPE SQLITE_CONSTRAINT_TRIGGER SQLITE_MISMATCH SQLITE_TOOBIG SQLITE_RANGE',
    say: value,
  },
  { is: 'validation/permanent', codes: 'SQLITE_CONSTRAINT', weight: 'genericCode', say: value },
  {
    is: 'filesystem/fatal',
    codes:
      'SQLITE_FULL SQLITE_CORRUPT SQLITE_CORRUPT_VTAB SQLITE_CORRUPT_INDEX SQLITE_CANTOPEN SQLITE_CANTOPEN_ISDIR SQLITE_CANTOPEN_FULLPATH SQLITE_READONLY SQLITE_READONLY_DBMOVED SQLITE_READONLY_DIRECTORY SQLITE_READONLY_ROLLBACK SQLITE_PERM',
    say: disk,
  },
  {
    is: 'filesystem/recoverable',
    codes:
      'SQLITE_IOERR SQLITE_IOERR_READ SQLITE_IOERR_WRITE SQLITE_IOERR_FSYNC SQLITE_IOERR_SHORT_READ SQLITE_IOERR_LOCK SQLITE_IOERR_SHMMAP SQLITE_IOERR_TRUNCATE',
  },
  {
    is: 'parsing/fatal',
    codes: 'SQLITE_NOTADB',
    say: 'Point the job at a SQLite database: the file is something else.',
  },
  { is: 'schema/recoverable', codes: 'SQLITE_SCHEMA' },
  { is: 'memory/fatal', codes: 'SQLITE_NOMEM SQLITE_IOERR_NOMEM' },
  { is: 'auth/fatal', codes: 'SQLITE_AUTH' },
  { is: 'system/permanent', codes: 'SQLITE_MISUSE SQLITE_INTERNAL' },
  { is: 'system/recoverable', codes: 'SQLITE_ABORT SQLITE_INTERRUPT', weight: 'genericCode' },
  { is: 'system/permanent', codes: 'SQLITE_ERROR ERR_SQLITE_ERROR', weight: 'vague' },
]

const phrases: readonly PhraseRow[] = [
  {
    is: 'conflict/recoverable',
    id: 'locked',
    on: 'database',
    match: /database (?:table |file )?is locked|database snapshot is out of date/,
    weight: 'refinement',
  },
  {
    is: 'conflict/recoverable',
    id: 'nested',
    on: 'transaction',
    match: /cannot start a transaction within a transaction/,
  },
  {
    is: 'conflict/permanent',
    id: 'primary-key',
    on: 'primary',
    match: /primary key must be unique|violation of primary key/,
  },
  {
    is: 'validation/permanent',
    id: 'type',
    on: 'datatype string column',
    match: /^datatype mismatch|: datatype mismatch|string or blob too big|column index out of range/,
    say: value,
  },
  {
    is: 'filesystem/fatal',
    id: 'full',
    on: 'database',
    match:
      /database or disk is full|database disk image is malformed|unable to open database file|attempt to write a readonly database|database file was moved|database image is damaged/,
    weight: 'refinement',
    say: disk,
  },
  { is: 'parsing/fatal', id: 'not-a-database', on: 'database', match: /file is (?:not a database|encrypted)/ },
  {
    is: 'schema/fatal',
    id: 'missing',
    on: 'no column',
    match: /no such (?:table|column|function|index|collation)|has no column named/,
    weight: 'refinement',
    say: 'Run the missing migration, then resume.',
  },
  { is: 'parsing/permanent', id: 'incomplete', on: 'incomplete', match: /(?:^|: )incomplete input/ },
  { is: 'schema/recoverable', id: 'changed', on: 'schema', match: /database schema has changed/ },
  { is: 'filesystem/recoverable', id: 'io', on: 'disk', match: /disk i\/o error/ },
  { is: 'memory/fatal', id: 'memory', on: 'memory', match: /^(?:\w{1,30}: )?out of memory$/ },
]

/** SQLite's result codes (sqlite.org/rescode.html) and messages. */
export const sqliteRules: RuleTable = { system: 'sqlite', codes, phrases }

const primaryCodes = [
  'OK',
  'ERROR',
  'INTERNAL',
  'PERM',
  'ABORT',
  'BUSY',
  'LOCKED',
  'NOMEM',
  'READONLY',
  'INTERRUPT',
  'IOERR',
  'CORRUPT',
  'NOTFOUND',
  'FULL',
  'CANTOPEN',
  'PROTOCOL',
  'EMPTY',
  'SCHEMA',
  'TOOBIG',
  'CONSTRAINT',
  'MISMATCH',
  'MISUSE',
  'NOLFS',
  'AUTH',
  'FORMAT',
  'RANGE',
  'NOTADB',
] as const
const constraintCodes: { readonly [extended: number]: string } = {
  1: 'CHECK',
  3: 'FOREIGNKEY',
  5: 'NOTNULL',
  6: 'PRIMARYKEY',
  7: 'TRIGGER',
  8: 'UNIQUE',
  10: 'ROWID',
  12: 'DATATYPE',
}

/** Name of the numeric result code that `node:sqlite` puts into `errcode`: 2067 → `SQLITE_CONSTRAINT_UNIQUE`. */
export function sqliteCodeOf(errcode: unknown): string | undefined {
  if (typeof errcode !== 'number') return undefined
  const primary = primaryCodes[errcode & 0xff]
  const constraint = primary === 'CONSTRAINT' ? constraintCodes[errcode >> 8] : undefined
  return primary && `SQLITE_${primary}${constraint ? `_${constraint}` : ''}`
}
