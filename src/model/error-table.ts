/** A row of the table of redrive's own errors. */
export interface ErrorRow {
  readonly title: string
  /** What it means and how it comes about: a paragraph for `redrive explain`. */
  readonly meaning: string
  readonly fix: string
  readonly exitCode: number
  /** The same call can succeed later, unchanged. */
  readonly retryable: boolean
}

const row = (exitCode: number, title: string, meaning: string, fix: string, retryable = false): ErrorRow => ({
  title,
  meaning,
  fix,
  exitCode,
  retryable,
})

/** Every error that redrive itself raises. 10xx machine, 11xx job and options, 12xx source, 13xx ledger, 14xx lease and signals, 15xx batch, 16xx quarantine, 17xx commands, 18xx parts used alone, 19xx not built yet. */
export const errorTable = {
  'RD-1001': row(
    2,
    'Node is too old',
    'redrive needs Node 24 or newer: native TypeScript and node:sqlite.',
    'Install Node 24, or add the package node-<platform>-<arch>@24 to the project: redrive finds it.',
  ),
  'RD-1002': row(
    2,
    'SQLite is too old',
    'SQLite below 3.51.3 can corrupt a ledger when its write-ahead log is reset; redrive refuses it.',
    'Use Node 24.21 or newer, which brings SQLite 3.53.',
  ),
  'RD-1101': row(
    2,
    'Option not valid',
    'An option of the job, the start or the command has a value that redrive does not accept.',
    'Correct the option as the message says.',
  ),
  'RD-1102': row(
    2,
    'Unknown option',
    'An option, policy key or dependency has a name that redrive does not know.',
    'Correct the name; the message names the nearest one.',
  ),
  'RD-1103': row(
    2,
    'Job file not usable',
    'The job file could not be loaded, or does not export a job.',
    'Export the job as default: export default job({ … }).',
  ),
  'RD-1104': row(
    2,
    'Job file runs itself',
    'While redrive loads a job file, start() may not be called: a job file only defines.',
    'Move start() to another file, and leave the export in this one.',
  ),
  'RD-1105': row(
    2,
    'Dependency not declared',
    'ctx.call named a dependency that the job does not declare.',
    'Declare it under `dependencies`.',
  ),
  'RD-1106': row(
    2,
    'Key for secrets missing or not valid',
    'The job declares `secret` fields; they are encrypted, and REDRIVE_KEYS gives no usable key.',
    'Set REDRIVE_KEYS to ID:BASE64-OF-32-BYTES, for example: REDRIVE_KEYS="k1:$(openssl rand -base64 32)".',
  ),
  'RD-1107': row(
    2,
    'Secret path not found',
    'A path under `secret` or `index` does not exist in the items, by what the schema shows.',
    'Correct the path.',
  ),
  'RD-1108': row(
    2,
    'ctx used after the end',
    'A handler kept its ctx and used it after its attempt had ended; the use had no effect.',
    'Await everything that uses ctx before the handler returns.',
  ),
  'RD-1201': row(
    2,
    'Source not found',
    'The file of the source does not exist or cannot be read.',
    'Check the path: it is relative to the working directory.',
  ),
  'RD-1202': row(
    2,
    'Source not usable',
    'The source cannot be read as what it is said to be: a header with two equal columns, a document without the array.',
    'Correct the file or the options of the source.',
  ),
  'RD-1203': row(
    8,
    'Source changed',
    'The source is not what it was when the batch began, so its positions cannot be trusted.',
    'Restore the source, start anew with --fresh, or go on with --accept-changed if the part already read is unchanged.',
  ),
  'RD-1204': row(
    4,
    'Source broke',
    'The source failed while it was read. What was read is safe; the batch can be resumed.',
    'Mend the source, then resume the batch.',
    true,
  ),
  'RD-1205': row(
    2,
    'Source cannot be read twice',
    'The source is a stream or an iterable without a promise of stable order, and was read already.',
    'Give it a name (from(…, { name })) if it gives the same items each time, or a new stream.',
  ),
  'RD-1301': row(
    6,
    'Ledger not reachable',
    'The ledger could not be opened.',
    'Check the path or URL of the store, and that the folder may be written.',
    true,
  ),
  'RD-1302': row(
    6,
    'Ledger locked',
    'Another process holds the ledger locked for longer than redrive waits.',
    'Find the process that holds the file, then try again.',
    true,
  ),
  'RD-1303': row(
    6,
    'Ledger of another version',
    'The ledger was written by a newer redrive.',
    'Use a redrive at least as new as the one that wrote it.',
  ),
  'RD-1304': row(
    6,
    'Ledger damaged',
    'The ledger file is no SQLite database, or its check finds damage.',
    'Restore a backup; `redrive store check` shows what is damaged.',
  ),
  'RD-1305': row(
    6,
    'Ledger cannot be written',
    'A commit failed: the disk is full, read-only or broken. Nothing was acknowledged that is not durable.',
    'Free or mend the disk, then resume the batch.',
    true,
  ),
  'RD-1306': row(
    2,
    'Store URL not known',
    'The store URL has a scheme that redrive does not know.',
    'Use sqlite:PATH or memory:.',
  ),
  'RD-1401': row(
    6,
    'Batch has a living owner',
    'Another process runs this batch and is alive.',
    'Watch it with `redrive batch watch`, or end that process first.',
    true,
  ),
  'RD-1402': row(
    6,
    'Lease lost',
    'Another runner claimed the batch because this one did not renew its lease in time. Its late results were rejected.',
    'Nothing is lost: the new owner goes on. If it happens often, the handlers block the event loop.',
    true,
  ),
  'RD-1501': row(2, 'Batch not found', 'The ledger has no batch of that id.', 'List them with `redrive batches`.'),
  'RD-1502': row(
    8,
    'Batch cannot do that',
    'The batch is in a state from which this act is not possible.',
    'Look at it with `redrive batch show`.',
  ),
  'RD-1503': row(
    5,
    'Batch is paused',
    'The batch was paused and waits for `batch resume`.',
    'Go on with `redrive batch resume`.',
  ),
  'RD-1601': row(
    2,
    'Dead letter not found',
    'The quarantine has no dead letter of that id.',
    'List them with `redrive quarantine list`.',
  ),
  'RD-1602': row(
    8,
    'Dead letter cannot be redriven',
    'The dead letter is not eligible: its payload could not be kept, its file is gone, or it is not in quarantine any more.',
    'Repair it with `redrive quarantine edit`, or discard it with a reason.',
  ),
  'RD-1603': row(
    2,
    'Edit not valid',
    "The edit could not be applied to the payload, or the result does not pass the source's schema.",
    'Correct the edit; the dead letter is unchanged.',
  ),
  'RD-1604': row(9, 'Reason required', 'This act needs a reason.', 'Give --reason TEXT.'),
  'RD-1701': row(2, 'Usage', 'The command line is not understood.', 'See `redrive help`.'),
  'RD-1702': row(2, 'Query not understood', 'The query cannot be parsed.', 'See `redrive help query`.'),
  'RD-1703': row(
    8,
    'Confirmation needed',
    'The act needs a confirmation, and there is no terminal to ask on, or the count is not the expected one.',
    'Run the command that the message shows.',
  ),
  'RD-1704': row(7, 'Nothing matched', 'The query matched nothing, and --require-match was given.', 'Widen the query.'),
  'RD-1705': row(
    2,
    'Item not found',
    'The ledger has no such item.',
    'An item is BATCH:POSITION; list them with `redrive items BATCH`.',
  ),
  'RD-1801': row(
    1,
    'Breaker open',
    'A breaker used alone refused the call without making it: it is open, its probes are under way, or it has only just closed and lets few calls through at once.',
    'Try again later, or do without; `retryAfterMs` of the error is the time until the next probe.',
    true,
  ),
  'RD-1901': row(
    2,
    'Not built yet: sql()',
    'The sql source comes with a later version.',
    'Read the rows yourself and give them to from().',
  ),
  'RD-1902': row(2, 'Not built yet: stages', 'Stages come with a later version.', 'Use run for now.'),
  'RD-1903': row(
    2,
    'Not built yet: isolate',
    'Isolated executors come with a later version.',
    'Leave isolate out: the handler runs in this process.',
  ),
  'RD-1904': row(2, 'Not built yet: order', 'Order per key comes with a later version.', 'Leave order out.'),
  'RD-1905': row(2, 'Not built yet: budget', 'Retry budgets come with a later version.', 'Leave budget out.'),
  'RD-1906': row(2, 'Not built yet: tenant', 'Breakers per tenant come with a later version.', 'Leave tenant out.'),
  'RD-1907': row(
    2,
    'Not built yet: plans',
    'Plans over many dead letters come with a later version.',
    'Use `redrive quarantine retry` with ids or --where.',
  ),
  'RD-1908': row(
    2,
    'Not built yet: once',
    'ctx.once comes with a later version.',
    'Use ctx.key as idempotency key of the effect.',
  ),
  'RD-1909': row(
    2,
    'Not built yet: undo',
    'Compensation comes with a later version.',
    'Leave undo and the verdict compensate out.',
  ),
  'RD-1910': row(
    2,
    'Not built yet: PostgreSQL',
    'The PostgreSQL store comes with a later version.',
    'Use sqlite:PATH.',
  ),
  'RD-1911': row(
    2,
    'Not built yet: this command',
    'The command comes with a later version.',
    'See `redrive help` for what is there.',
  ),
  'RD-1999': row(
    1,
    'Unexpected',
    'Something happened that redrive does not expect: a bug.',
    'Report it with the message and the stack.',
  ),
} as const satisfies Record<string, ErrorRow>

/** Code of an error of redrive's own. */
export type ErrorCode = keyof typeof errorTable
