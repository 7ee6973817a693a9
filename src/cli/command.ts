import type { QueryNode } from '../model/query.ts'
import type { Store } from '../store/store.ts'
import type { Output } from './output.ts'
import type { Talk } from './talk.ts'
import type { World } from './world.ts'

/** A row of the table of commands. */
export interface CommandRow {
  /** One or two words. */
  readonly name: string
  /** One line. */
  readonly summary: string
  /** As commander reads it: `<batch>`, `[file]`, `<ids...>`. */
  readonly args?: string
  /** Flags as commander reads them, and what they do. */
  readonly options?: readonly (readonly [flags: string, text: string])[]
  /** Global options that not every command takes; given to another they are refused. */
  readonly takes?: readonly Restricted[]
  readonly examples?: readonly string[]
  /** Loads the command. A row without it is known and not built yet: RD-1911. */
  readonly load?: () => Promise<Command>
}

/** Global options that mean something only to some commands. */
export type Restricted = 'where' | 'since' | 'limit' | 'fields'

/** Does it and answers the exit code. What it rejects with is printed by `main`. */
export type Command = (call: Call) => Promise<number>

/** A command called: its words and what it works with. */
export interface Call {
  readonly world: World
  /** Positional words, those of a list (`<ids...>`) flat. */
  readonly args: readonly string[]
  readonly globals: GlobalOptions
  /** Options of this command alone, by commander's names (`--dry-run` is `dryRun`). */
  readonly own: { readonly [name: string]: unknown }
  readonly output: Output
  readonly talk: Talk
  /** `--where` and `--since` together; undefined when everything matches. */
  readonly query: QueryNode | undefined
  /** Opens the ledger, once; `main` closes it. RD-1301 if it does not exist, unless `create`. */
  store(options?: { readonly create?: boolean }): Promise<Store>
}

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
