import type { CodeRow, PhraseRow, RuleTable } from './rule-table.ts'

const migrate = 'Run the missing migration, then resume.'
const grant = 'Grant the role what it needs, then resume.'

const codes: readonly CodeRow[] = [
  {
    is: 'conflict/permanent',
    codes: '23505 23P01 42P07 42701 42710 42723 42P04 42P06 42P03',
    say: 'The record is there already: discard the item, or change its key and retry.',
  },
  {
    is: 'validation/permanent',
    codes:
      '23000 23001 23502 23503 23514 22P02 22P03 22000 22001 22003 22004 22007 22008 22009 22011 22012 22015 22018 22019 22023 22024 22025 2202E 22033 22034 2203F 44000 42702 42803 42P10 42P18 42725 42846 0A000 54000 54001 54011 54023 26000 42P02',
    say: 'Correct the value that the database refuses, then retry.',
  },
  {
    is: 'parsing/permanent',
    codes: '22021 22P04 22P05 22032 22030 2200M 2200N 2200S 2200T 42601 22P01 42622',
    say: 'Repair the text that cannot be read, then retry.',
  },
  { is: 'conflict/recoverable', codes: '40001 40P01 40003 40002 40000 55P03 55006 55000 25001 42P05' },
  {
    is: 'timeout/recoverable',
    codes: '57014 25P03 25P04 57P05',
    say: 'Make the query faster or raise the statement timeout; the retry waits.',
  },
  {
    is: 'dependency/recoverable',
    codes: '57P01 57P02 57P03 57P04 08004 53300 53400 53000 25006 57000',
    say: 'The database recovers by itself or needs its operator; the retry waits.',
  },
  { is: 'network/transient', codes: '08006 08003 08000 08007', weight: 'genericCode' },
  { is: 'network/recoverable', codes: '08001', weight: 'genericCode' },
  {
    is: 'schema/fatal',
    codes: '08P01 42P01 42703 42883 3D000 3F000 42704 42P08 42P13 42611 42P16 42P17',
    say: migrate,
  },
  { is: 'schema/permanent', codes: '42804 42830 22P06' },
  { is: 'auth/fatal', codes: '28P01 28000 42501 0L000 0LP01 0P000', say: grant },
  { is: 'filesystem/fatal', codes: '53100', say: "Free space on the database's disk, then resume." },
  { is: 'filesystem/recoverable', codes: '58030 58000 58P01' },
  { is: 'memory/recoverable', codes: '53200' },
  { is: 'system/recoverable', codes: '25P02 24000 25000 34000 0B000 2D000' },
  { is: 'business/permanent', codes: 'P0001 P0002 P0003 02000', weight: 'genericCode' },
  { is: 'system/permanent', codes: 'P0004 XX000 XX001 XX002', weight: 'genericCode' },
  // SQLSTATE classes, for codes that no row names
  { is: 'network/transient', codes: '08***', weight: 'genericCode' },
  { is: 'validation/permanent', codes: '0A*** 21*** 22*** 23*** 44*** 54***', weight: 'genericCode' },
  { is: 'auth/fatal', codes: '28*** 0L*** 0P***', weight: 'genericCode', say: grant },
  { is: 'conflict/recoverable', codes: '40*** 55***', weight: 'genericCode' },
  { is: 'schema/fatal', codes: '42*** 3D*** 3F***', weight: 'genericCode', say: migrate },
  { is: 'dependency/recoverable', codes: '53*** 57***', weight: 'genericCode' },
  { is: 'filesystem/recoverable', codes: '58***', weight: 'genericCode' },
  { is: 'system/recoverable', codes: '24*** 25***', weight: 'genericCode' },
  { is: 'business/permanent', codes: 'P0***', weight: 'genericCode' },
  { is: 'system/permanent', codes: 'XX*** F0*** HV***', weight: 'genericCode' },
]

const phrases: readonly PhraseRow[] = [
  {
    is: 'business/permanent',
    id: 'user-cancel',
    on: 'canceling',
    match: /canceling statement due to user request/,
    weight: 'refinement',
  },
  {
    is: 'timeout/recoverable',
    id: 'statement-timeout',
    on: 'statement query execution',
    match:
      /canceling statement due to statement timeout|statement timeout|maximum statement execution time|query read timeout|query (?:execution )?timed? ?out/,
    say: 'Make the query faster or raise the statement timeout; the retry waits.',
  },
  {
    is: 'conflict/recoverable',
    id: 'lock-timeout',
    on: 'lock recovery',
    match:
      /due to lock timeout|could not obtain lock|due to conflict with recovery|lock wait time-?out|lock acquisition/,
    weight: 'refinement',
  },
  {
    is: 'conflict/recoverable',
    id: 'serialize',
    on: 'serialize deadlock deadlocked restarting conflicted',
    match: /could not serialize access|\bdeadlock\b|\bdeadlocked\b|try restarting transaction|conflicted with another/,
    weight: 'refinement',
  },
  { is: 'conflict/recoverable', id: 'in-use', on: 'accessed', match: /is being accessed by other/ },
  {
    is: 'auth/permanent',
    id: 'row-level',
    on: 'row',
    match: /violates row-level security policy/,
    weight: 'refinement',
    say: 'Run the item as a role that may see its row, or discard it.',
  },
  {
    is: 'rate_limit/recoverable',
    id: 'role-connections',
    on: 'connections max_user_connections',
    match: /too many connections for (?:role|database|user)|has exceeded the 'max_user_connections'/,
    weight: 'refinement',
  },
  {
    is: 'dependency/recoverable',
    id: 'connections',
    on: 'clients connections connection slots',
    match:
      /too many clients already|remaining connection slots|too many connections|pooler full|too many database connections/,
  },
  {
    is: 'conflict/permanent',
    id: 'duplicate-key',
    on: 'duplicate unique exclusion',
    match:
      /duplicate key|violates unique constraint|unique constraint (?:failed|violat)|violates exclusion constraint|duplicate entry '|unique violation/,
    weight: 'refinement',
    say: 'The record is there already: discard the item, or change its key and retry.',
  },
  {
    is: 'validation/permanent',
    id: 'constraint',
    on: 'constraint',
    match:
      /violates (?:not-null|foreign key|check) constraint|(?:foreign key|not null|check|null) constraint (?:fails?(?:ed)?|violat|")|with the foreign key constraint/,
    weight: 'refinement',
    say: 'Correct the value that the database refuses, then retry.',
  },
  {
    is: 'validation/permanent',
    id: 'bad-value',
    on: 'syntax value field division data overflow enum',
    match:
      /invalid input (?:syntax for type (?!json)|value for enum)|value too long for type|out of range for type|numeric field overflow|field value out of range|division by zero|data would be truncated|data too long|invalid value for parameter/,
    say: 'Correct the value that the database refuses, then retry.',
  },
  {
    is: 'parsing/permanent',
    id: 'bad-text',
    on: 'encoding json unicode xml column',
    match:
      /invalid byte sequence for encoding|invalid input syntax for type json|unsupported unicode escape|invalid xml content|extra data after last expected column|missing data for column/,
    weight: 'refinement',
  },
  {
    is: 'auth/fatal',
    id: 'password',
    on: 'password pg_hba role',
    match: /password authentication failed|no pg_hba\.conf entry|role "[^"]{1,80}" does not exist/,
    weight: 'refinement',
    say: 'Correct the credentials of the job, then resume.',
  },
  {
    is: 'auth/fatal',
    id: 'permission',
    on: 'permission owner privileges',
    match:
      /permission denied (?:for|to) (?:table|schema|relation|database|sequence|function|column|view|set role|create|language|tablespace)|must be (?:owner|superuser)|insufficient privileges?/,
    weight: 'refinement',
    say: grant,
  },
  {
    is: 'schema/fatal',
    id: 'missing',
    on: 'exist from operator pending migrations migration t object',
    match:
      /\b(?:relation|column|function|operator|schema|database|type|table|view|constraint|index) [^\n]{1,160}? do(?:es)?(?: not|n't) exist|invalid object name|missing from-clause entry|operator does not exist|pending migration|failed migrations|migration [^\n]{0,80}failed/,
    say: migrate,
  },
  {
    is: 'schema/permanent',
    id: 'column-type',
    on: 'column',
    match: /is of type \w+ but expression is of type/,
    weight: 'refinement',
  },
  {
    is: 'conflict/permanent',
    id: 'relation-exists',
    on: 'relation column type schema database index',
    match: /\b(?:relation|column|type|schema|database|index) "[^"]{1,80}"(?: of relation "[^"]{1,80}")? already exists/,
  },
  {
    is: 'parsing/permanent',
    id: 'sql-syntax',
    on: 'syntax',
    match:
      /syntax error at (?:or near|end of input)|near "[^"]{0,80}": syntax error|error in your sql syntax|incorrect syntax near/,
    weight: 'refinement',
  },
  {
    is: 'validation/permanent',
    id: 'not-implemented',
    on: 'cross ambiguous split',
    match: /cross-database references are not|column reference "[^"]{1,80}" is ambiguous|read-write split session/,
  },
  {
    is: 'dependency/recoverable',
    id: 'restarting',
    on: 'terminating database shutting',
    match:
      /terminating connection (?:due to administrator|because of crash)|database system is (?:starting up|shutting down|in recovery)|(?:server|it) is shutting down/,
    weight: 'refinement',
  },
  {
    is: 'timeout/recoverable',
    id: 'idle',
    on: 'idle',
    match: /due to idle-in-transaction timeout/,
    weight: 'refinement',
  },
  { is: 'dependency/recoverable', id: 'read-only', on: 'read', match: /in a read-only transaction/ },
  {
    is: 'network/transient',
    id: 'closed',
    on: 'server connection',
    match:
      /server closed the connection|connection terminated unexpectedly|connection does not exist|terminating connection|lost connection to (?:mysql )?server|connection lost/,
  },
  {
    is: 'network/recoverable',
    id: 'refused',
    on: 'server',
    match: /could not connect to server|can't reach database server|can't connect to (?:local )?mysql server/,
  },
  {
    is: 'timeout/recoverable',
    id: 'pool',
    on: 'connect pool connection available queuepool resourcerequest slot waiting',
    match:
      /timeout exceeded when trying to connect|timed? ?out (?:fetching|acquiring) a (?:new )?connection|timeout acquiring a connection|connection pool (?:is )?exhausted|waiting for (?:a free connection|an? (?:open |free )?(?:slot|connection))|connection is not available, request timed out|queuepool limit|resourcerequest timed out|(?:from|in) (?:the )?connection pool|pool is (?:probably )?full/,
    weight: 'refinement',
    say: 'Raise the pool size or lower the concurrency.',
  },
  { is: 'system/recoverable', id: 'aborted-transaction', on: 'transaction', match: /current transaction is aborted/ },
  { is: 'schema/fatal', id: 'protocol', on: 'frontend', match: /unsupported frontend protocol/ },
  { is: 'memory/recoverable', id: 'shared-memory', on: 'shared', match: /out of shared memory/, weight: 'refinement' },
  {
    is: 'system/permanent',
    id: 'internal',
    on: 'cache planner',
    match: /cache lookup failed for|internal error in planner/,
  },
  {
    is: 'dependency/recoverable',
    id: 'configuration-limit',
    on: 'configuration',
    match: /configuration limit exceeded/,
  },
  { is: 'business/permanent', id: 'no-rows', on: 'rows', match: /query returned no rows/ },
  { is: 'filesystem/recoverable', id: 'block', on: 'block', match: /could not read block \d+ in file/ },
]

/** PostgreSQL: SQLSTATE by code and by class (appendix A of its manual), its server's and its client's messages. */
export const postgresRules: RuleTable = { system: 'pg', codes, phrases }
