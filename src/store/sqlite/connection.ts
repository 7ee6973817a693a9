import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { RedriveError } from '../../model/redrive-error.ts'
import { primaryCode, storageError } from './sqlite-error.ts'

/** One connection to a ledger. Everything in it is synchronous; the promises are there for the seam's sake. */
export interface Connection {
  readonly url: string
  /** A prepared statement, kept for the next time: only for constant texts. */
  statement(sql: string): StatementSync
  /** A prepared statement for this once: for texts made from a query. */
  passing(sql: string): StatementSync
  /** Runs what reads with a single statement. */
  read<Result>(work: () => Result): Promise<Result>
  /** Runs what reads with several statements, all of which see the same state. */
  snapshot<Result>(work: () => Result): Promise<Result>
  /** Runs `work` in one transaction: all of it is durable when this resolves, none of it when it rejects, unless the error says `unknown`. */
  write<Result>(work: () => Result): Promise<Result>
  /** Called after each transaction that was written. */
  afterWrite: (() => void) | undefined
  /** Twice is the same as once. */
  close(): void
}

/** A moment in a transaction, for tests that fail or kill there. `written`: all is written, nothing committed. */
export type CommitStep = 'begun' | 'written' | 'committed'

export interface ConnectionOptions {
  readonly url: string
  /** Opens the database and sets it up; asked again when a failed commit made the old connection useless. */
  readonly open: () => DatabaseSync
  readonly onCommitStep?: ((step: CommitStep) => void) | undefined
  /** An in-memory database lives only as long as its connection: it can't be opened again. */
  readonly inMemory: boolean
}

/** SQLITE_IOERR. */
const ioError = 10

export function createConnection(options: ConnectionOptions): Connection {
  return new OpenConnection(options)
}

class OpenConnection implements Connection {
  readonly url: string
  afterWrite: (() => void) | undefined
  private database: DatabaseSync | undefined
  private closed = false
  private readonly options: ConnectionOptions
  private readonly statements = new Map<string, StatementSync>()

  constructor(options: ConnectionOptions) {
    this.options = options
    this.url = options.url
    this.database = options.open()
  }

  statement(sql: string): StatementSync {
    let statement = this.statements.get(sql)
    if (!statement) {
      statement = this.opened().prepare(sql)
      this.statements.set(sql, statement)
    }
    return statement
  }

  passing(sql: string): StatementSync {
    return this.opened().prepare(sql)
  }

  async read<Result>(work: () => Result): Promise<Result> {
    try {
      return work()
    } catch (thrown) {
      throw storageError(thrown, this.url)
    }
  }

  async snapshot<Result>(work: () => Result): Promise<Result> {
    try {
      this.statement('begin').run()
      const result = work()
      this.statement('commit').run()
      return result
    } catch (thrown) {
      this.abandon(thrown)
      throw storageError(thrown, this.url)
    }
  }

  async write<Result>(work: () => Result): Promise<Result> {
    const step = this.options.onCommitStep
    let committing = false
    let result: Result
    try {
      this.statement('begin immediate').run()
      step?.('begun')
      result = work()
      step?.('written')
      const commit = this.statement('commit')
      committing = true
      commit.run()
    } catch (thrown) {
      // A commit that was refused for a lock is still open, and is taken back; any other failed one may be on the disk.
      const unknown = committing && primaryCode(thrown) !== 5
      this.abandon(thrown, unknown)
      throw storageError(thrown, this.url, unknown)
    }
    step?.('committed')
    this.afterWrite?.()
    return result
  }

  close(): void {
    this.closed = true
    this.letGo()
  }

  private opened(): DatabaseSync {
    if (this.closed)
      throw new RedriveError('RD-1301', { what: `The ledger ${this.url} is closed`, fix: 'Open it again.' })
    this.database ??= this.options.open()
    return this.database
  }

  /** Ends a failed transaction. After an I/O error the page cache can't be trusted, so the connection is given up; the next call opens another (I17). */
  private abandon(thrown: unknown, unknown = false): void {
    const broken = unknown || primaryCode(thrown) === ioError
    if (broken && !this.options.inMemory) {
      this.letGo()
      return
    }
    try {
      if (this.database?.isTransaction) this.database.exec('rollback')
    } catch {
      this.letGo()
    }
  }

  private letGo(): void {
    this.statements.clear()
    const database = this.database
    this.database = undefined
    try {
      database?.close()
    } catch {
      // A connection that can't even be closed is left to the process's end.
    }
  }
}
