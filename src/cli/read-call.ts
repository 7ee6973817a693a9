import { Command, CommanderError } from 'commander'
import { parseDuration } from '../model/duration.ts'
import type { QueryNode } from '../model/query.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { toQuery } from '../model/to-query.ts'
import type { CommandRow, Restricted } from './command.ts'
import { type Format, type GlobalOptions, globalOptions } from './global-options.ts'

/** A command line, read and checked. */
export interface ReadCall {
  readonly args: readonly string[]
  readonly globals: GlobalOptions
  readonly own: { readonly [name: string]: unknown }
  readonly query: QueryNode | undefined
}

const formats = ['json', 'ndjson', 'csv', 'md'] as const
const restricted = ['where', 'since', 'limit', 'fields'] as const satisfies readonly Restricted[]
/** Highest `--limit`. */
const limitMax = 1_000_000_000

/** Reads the words after the command by its row. Throws RD-1701 (usage) or RD-1702 (query). */
export function readCall(row: CommandRow, words: readonly string[], nowMs: number): ReadCall {
  const command = new Command(row.name)
  if (row.args) command.arguments(row.args)
  for (const [flags, text] of row.options ?? []) command.option(flags, text)
  const taken = new Set((row.options ?? []).map(([flags]) => flags.split(' ')[0]))
  for (const [flags, text] of globalOptions) if (!taken.has(flags.split(' ')[0]!)) command.option(flags, text)
  command
    .allowExcessArguments(false)
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
  try {
    command.parse(attached(words, row), { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) throw usage(row, error.message)
    throw error
  }
  const options = command.opts()
  for (const name of restricted) {
    if (options[name] !== undefined && !row.takes?.includes(name))
      throw usage(row, `redrive ${row.name} takes no --${name}.`)
  }
  const globals = globalsOf(row, options)
  return { args: command.args, globals, own: options, query: queryOf(row, globals, nowMs) }
}

/** A value that may be left out stands behind `=`, or is a number: in `--dry-run orders.csv` the file is an argument. */
function attached(words: readonly string[], row: CommandRow): string[] {
  const optional = (row.options ?? []).flatMap(([flags]) => (flags.includes('[') ? [flags.split(' ')[0]!] : []))
  const end = words.indexOf('--')
  return words.map((word, at) => {
    const isAlone = optional.includes(word) && (end === -1 || at < end) && !/^\d+$/.test(words[at + 1] ?? '')
    return isAlone ? `${word}=` : word
  })
}

function globalsOf(row: CommandRow, options: { [name: string]: unknown }): GlobalOptions {
  const given = formats.filter((format) => options[format] === true)
  if (given.length > 1 && !(given.length === 2 && given.includes('json') && given.includes('ndjson'))) {
    throw usage(row, `--${given.join(' and --')} exclude each other.`)
  }
  const text = (name: string) => (options[name] === undefined ? {} : { [name]: String(options[name]) })
  return {
    ...text('store'),
    ...text('where'),
    ...text('since'),
    ...(options['limit'] === undefined ? {} : { limit: limitOf(row, String(options['limit'])) }),
    ...(options['fields'] === undefined ? {} : { fields: fieldsOf(row, String(options['fields'])) }),
    format: (given.at(-1) ?? 'text') as Format,
    quiet: options['quiet'] === true,
    verbose: options['verbose'] === true,
    color: options['color'] !== false,
    input: options['input'] !== false,
    yes: options['yes'] === true,
  }
}

function limitOf(row: CommandRow, text: string): number {
  const limit = /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > limitMax)
    throw usage(row, `--limit is a whole number from 1 on, not ${JSON.stringify(text)}.`)
  return limit
}

function fieldsOf(row: CommandRow, text: string): string[] {
  const fields = text.split(',').map((field) => field.trim())
  if (fields.some((field) => field === '')) throw usage(row, '--fields has an empty name.')
  return fields
}

function queryOf(row: CommandRow, { where, since }: GlobalOptions, nowMs: number): QueryNode | undefined {
  const query = where === undefined ? undefined : toQuery(where)
  if (since === undefined) return query
  const young: QueryNode = { op: 'field', field: 'age', test: { compare: '<=', number: sinceMs(row, since, nowMs) } }
  return query ? { op: 'and', nodes: [query, young] } : young
}

/** A length of time, or a date: how long ago. */
function sinceMs(row: CommandRow, since: string, nowMs: number): number {
  const ms = parseDuration(since)
  if (ms !== undefined) return ms
  const date = /^\d{4}-\d\d-\d\d/.test(since) ? Date.parse(since) : Number.NaN
  if (Number.isNaN(date))
    throw usage(
      row,
      `--since is a length of time (7d, 12h) or a date (2026-11-23, 2026-11-23T09:00:00Z), not ${JSON.stringify(since)}.`,
    )
  return Math.max(0, nowMs - date)
}

function usage(row: CommandRow, message: string): RedriveError {
  const what = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  return new RedriveError('RD-1701', { what, fix: `See redrive help ${row.name}.` })
}
