/**
 * The ledger's tables, as a list of migrations: entry N leads from `user_version` N to N + 1. An entry that was released
 * is never changed.
 *
 * Batches and letters have a number besides their id, so that the many rows that name them stay small. Times are REAL,
 * since a caller's clock may have fractions. What lists filter by lies in narrow tables; texts lie in tables of their own.
 */
export const migrations: readonly string[] = [
  `
  create table batches (
    no integer primary key,
    id text not null unique,
    job text not null,
    source text not null,
    source_key text,
    spooled integer not null,
    file text,
    export_name text,
    code_version text,
    keeps_successes integer not null,
    secret text not null,
    item_limit integer,
    started_at_ms real not null,
    state text not null,
    ended_at_ms real,
    stop_reason text,
    on_complete_taken integer not null default 0
  ) strict;
  create index batches_by_source on batches (job, source_key);

  -- Apart from batches, since each commit rewrites the row, and a source's identity can be long.
  create table checkpoints (
    batch integer primary key,
    epoch integer not null default 0,
    owner text,
    expires_at_ms real,
    read integer not null default 0,
    watermark integer not null default 0,
    map blob not null default x'',
    cursor text not null default 'null',
    exhausted integer not null default 0,
    total integer not null default 0,
    retries integer not null default 0,
    not_counted integer not null default 0,
    recovered integer not null default 0
  ) strict;

  create table signals (
    no integer primary key autoincrement,
    batch integer not null,
    kind text not null,
    detail text,
    at_ms real not null
  ) strict;
  create index signals_by_batch on signals (batch, no);

  create table items (
    batch integer not null,
    position integer not null,
    key text not null,
    stage text,
    order_key text,
    state text not null,
    generation integer not null,
    attempts integer not null,
    counted text not null,
    first_failed_at_ms real,
    excluded_ms real not null,
    last_delay_ms real,
    due_at_ms real,
    dependency text,
    operation text,
    group_id text,
    type text,
    disposition text,
    updated_at_ms real not null,
    primary key (batch, position)
  ) strict, without rowid;
  create index items_by_state on items (batch, state);
  create index items_by_key on items (batch, key);

  create table successes (
    batch integer not null,
    position integer not null,
    key text not null,
    attempts integer not null,
    at_ms real not null,
    result text,
    primary key (batch, position)
  ) strict, without rowid;
  create index successes_by_key on successes (batch, key);

  create table spool (
    batch integer not null,
    position integer not null,
    body text not null,
    primary key (batch, position)
  ) strict, without rowid;

  create table attempts (
    no integer primary key,
    batch integer not null,
    position integer not null,
    generation integer not null,
    n integer not null,
    stage text,
    started_at_ms real not null,
    duration_ms real not null,
    outcome text not null,
    uncounted text,
    failure text,
    classification text,
    decision text not null,
    logs text
  ) strict;
  create index attempts_by_item on attempts (batch, position);

  create table payloads (
    no integer primary key,
    batch integer not null,
    position integer not null,
    version integer not null,
    body text,
    shown text,
    raw text,
    by_whom text not null,
    at_ms real not null,
    reason text
  ) strict;
  create unique index payloads_by_item on payloads (batch, position, version);

  create table letters (
    no integer primary key,
    id text not null unique,
    batch integer not null,
    position integer not null,
    job text not null,
    key text not null,
    stage text,
    dependency text,
    state text not null,
    view text not null,
    generation integer not null,
    attempts integer not null,
    type text not null,
    disposition text not null,
    severity text not null,
    code text,
    group_id text not null,
    assignee text,
    operation text,
    ineligible text,
    stopped integer not null,
    payload_version integer not null,
    line integer,
    byte integer,
    code_version text,
    created_at_ms real not null,
    updated_at_ms real not null
  ) strict;
  create unique index letters_by_item on letters (batch, position);
  create index letters_by_group on letters (batch, group_id, state);

  -- failure and classification are those of the attempt, unless they stand here: they are most of a letter's bytes.
  create table letter_details (
    letter integer primary key,
    attempt integer,
    failure text,
    classification text,
    instructions text not null,
    user_message text not null,
    raw text,
    search text not null
  ) strict;

  create table lineage (
    no integer primary key,
    letter integer not null,
    at_ms real not null,
    what text not null,
    generation integer not null,
    by_whom text not null,
    reason text,
    operation text,
    detail text
  ) strict;
  create index lineage_by_letter on lineage (letter, no);

  create table error_groups (
    id text primary key,
    fingerprint text not null,
    title text not null,
    type text not null,
    disposition text not null,
    failures integer not null,
    first_seen_at_ms real not null,
    last_seen_at_ms real not null
  ) strict, without rowid;

  create table operations (
    no integer primary key,
    id text not null unique,
    kind text not null,
    actor text not null,
    reason text,
    selection text not null,
    state text not null,
    created_at_ms real not null,
    ended_at_ms real
  ) strict;

  create table operation_items (
    operation text not null,
    ordinal integer not null,
    letter text not null,
    batch integer not null,
    position integer not null,
    result text not null,
    why text,
    primary key (operation, ordinal)
  ) strict, without rowid;
  create index operation_items_open on operation_items (operation, batch, position) where result = 'pending';

  create table cells (
    key text primary key,
    version integer not null,
    value text not null,
    expires_at_ms real
  ) strict, without rowid;

  create table series (
    batch integer not null,
    bucket_ms real not null,
    dependency text not null,
    outcome text not null,
    count integer not null,
    primary key (batch, bucket_ms, dependency, outcome)
  ) strict, without rowid;

  -- Only the oldest are ever removed, so that the next number is always new.
  create table changes (
    seq integer primary key,
    at_ms real not null,
    batch integer not null,
    event text not null
  ) strict;
  `,
]

/** Version of the newest schema that this code knows. */
export const schemaVersion = migrations.length

/** `RDRV`: tells a ledger from any other SQLite database. */
export const applicationId = 0x52445256
