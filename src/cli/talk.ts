import type { Colours } from '../report/colours.ts'
import { atStore } from './shell-word.ts'
import type { Out } from './world.ts'

/** What is said on standard error, so that standard output stays data. */
export interface Talk {
  readonly colours: Colours
  /** A line; not with `--quiet`. */
  say(line: string): Promise<void>
  /** The one or two commands that come next; only on a terminal. */
  next(...commands: readonly string[]): Promise<void>
}

interface Setting {
  readonly quiet: boolean
  readonly colours: Colours
  /** Ledger that was named on the command line. */
  readonly store?: string | undefined
}

export function createTalk(stderr: Out, { quiet, colours, store }: Setting): Talk {
  return {
    colours,
    say: async (line) => {
      if (!quiet) await stderr.write(`${line}\n`)
    },
    next: async (...commands) => {
      if (quiet || !stderr.isTTY || commands.length === 0) return
      const lines = commands.map((command) => `  ${colours.cyan(atStore(command, store))}\n`)
      await stderr.write(`\nNext:\n${lines.join('')}`)
    },
  }
}
