/** Options of every command: flags as commander reads them, and what they do. */
export const globalOptions = [
  ['--store <url>', 'ledger: sqlite:PATH; default REDRIVE_STORE, else sqlite:.redrive/ledger.db'],
  ['--json', 'JSON; lists: one object a line'],
  ['--ndjson', 'the same, never indented'],
  ['--csv', 'CSV; cells that a spreadsheet would compute are defused'],
  ['--md', 'Markdown'],
  ['--fields <names>', 'only these fields, comma-separated'],
  ['--where <query>', 'only what matches; see redrive help query'],
  ['--since <time>', 'only what is younger: 7d, 12h, or a date'],
  ['--limit <number>', 'at most so many'],
  ['-q, --quiet', 'no talk but errors'],
  ['-v, --verbose', 'more talk; stacks of unexpected errors'],
  ['--no-color', 'no colours; also NO_COLOR=1'],
  ['--no-input', 'never ask'],
  ['--yes', 'do not ask for confirmation'],
] as const satisfies readonly (readonly [string, string])[]

/** Options that are followed by a value. */
export const valueOptions: ReadonlySet<string> = new Set(
  globalOptions.filter(([flags]) => flags.includes('<')).map(([flags]) => flags.split(' ')[0]!),
)

/** Options that every command knows. */
export interface GlobalOptions {
  readonly store?: string
  readonly format: Format
  readonly fields?: readonly string[]
  readonly where?: string
  readonly since?: string
  readonly limit?: number
  readonly quiet: boolean
  readonly verbose: boolean
  /** False after `--no-color`. */
  readonly color: boolean
  /** False after `--no-input`: nothing may prompt. */
  readonly input: boolean
  readonly yes: boolean
}

/** How data is printed; `text` is a table or a page for people. */
export type Format = 'text' | 'json' | 'ndjson' | 'csv' | 'md'
