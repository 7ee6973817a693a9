import type { QueryNode } from '../model/query.ts'
import type { Store } from '../store/store.ts'
import type { GlobalOptions } from './global-options.ts'
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
  /**
   * Opens the ledger to be looked at, once; closed when the command has ended. RD-1301 if it does not exist. It is not
   * behind the guard: no key is needed, and what is sealed stays sealed. A command that writes opens its own, guarded.
   */
  store(): Promise<Store>
}
