import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RedriveError } from '../../model/redrive-error.ts'
import type { Store } from '../store.ts'
import { createCells } from './cells.ts'
import { createChanges } from './changes.ts'
import { type CommitStep, type Connection, createConnection } from './connection.ts'
import { checkEngine } from './engine-version.ts'
import { createLetters } from './letters.ts'
import { createOperations } from './operations.ts'
import { createRuns } from './runs.ts'
import { createSeries } from './series.ts'
import { setUp } from './set-up.ts'
import { storageError } from './sqlite-error.ts'
import { checkLedger, readInfo } from './store-info.ts'
import { createWalKeeper, type WalKeeper } from './wal-keeper.ts'

export interface SqliteOptions {
  /** Called synchronously inside each writing transaction; what it throws fails the transaction. For tests that fail or die at an exact point. */
  readonly onCommitStep?: (step: CommitStep) => void
  /** How long a locked ledger is waited for. Default 5,000. */
  readonly busyTimeoutMs?: number
}

/**
 * Opens a ledger in a SQLite file (made, with its folder, if it isn't there; mode 0600), or in memory with `':memory:'`.
 * Rejects with RD-1002 (SQLite too old), RD-1301 (can't be opened), RD-1302 (locked), RD-1303 (newer schema), RD-1304 (no ledger), RD-1305 (read-only).
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Store> {
  const inMemory = path === ':memory:'
  const url = inMemory ? 'memory:' : `sqlite:${path}`
  const file = inMemory ? path : resolve(path)
  checkEngine(process.versions['sqlite'] ?? '0')
  const { DatabaseSync } = await import('node:sqlite')
  try {
    if (!inMemory) makeFile(file, url)
    const connection = createConnection({
      url,
      inMemory,
      onCommitStep: options.onCommitStep,
      open: () =>
        setUp(
          new DatabaseSync(file, { timeout: options.busyTimeoutMs ?? 5_000, enableForeignKeyConstraints: false }),
          url,
        ),
    })
    return createStore(connection, inMemory ? undefined : file)
  } catch (thrown) {
    throw storageError(thrown, url)
  }
}

function createStore(connection: Connection, file: string | undefined): Store {
  const keeper = file === undefined ? undefined : createWalKeeper(connection, file)
  if (keeper) connection.afterWrite = keeper.look
  let closing: Promise<void> | undefined
  return {
    durable: file !== undefined,
    url: connection.url,
    runs: createRuns(connection),
    letters: createLetters(connection),
    operations: createOperations(connection),
    cells: createCells(connection),
    series: createSeries(connection),
    changes: createChanges(connection),
    info: () => readInfo(connection, file),
    check: () => checkLedger(connection),
    close() {
      closing ??= close(connection, keeper)
      return closing
    },
  }
}

async function close(connection: Connection, keeper: WalKeeper | undefined): Promise<void> {
  await keeper?.end()
  // Leaves a small log behind; not waited for if others read or write: the last one to close does it.
  if (keeper) await connection.read(() => connection.passing('pragma busy_timeout = 0').get()).catch(() => undefined)
  if (keeper)
    await connection.read(() => connection.passing('pragma wal_checkpoint(truncate)').get()).catch(() => undefined)
  connection.close()
}

/** Made here and not by SQLite, so that nobody else may read it from the first byte on; log and shared memory take its mode. */
function makeFile(file: string, url: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // Never opened if it is there: closing it would drop the locks that other connections of this process hold.
    if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600))
    else chmodSync(file, 0o600)
  } catch (thrown) {
    const code = (thrown as { code?: string }).code
    if (code === 'EEXIST' && existsSync(file)) return
    // A ledger of someone else's, or on a read-only disk, may still be readable: opening decides.
    if (existsSync(file) && (code === 'EPERM' || code === 'EROFS')) return
    throw new RedriveError('RD-1301', {
      what: `The ledger ${url} could not be made`,
      why: thrown instanceof Error ? thrown.message : String(thrown),
      cause: thrown,
    })
  }
}
