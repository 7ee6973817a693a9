import type { Colours } from '../report/colours.ts'
import type { Out } from './world.ts'

/** What is said on standard error, so that standard output stays data. */
export interface Talk {
  readonly colours: Colours
  /** A line; not with `--quiet`. */
  say(line: string): Promise<void>
  /** The one or two commands that come next; only on a terminal. */
  next(...commands: readonly string[]): Promise<void>
}

export function createTalk(stderr: Out, { quiet, colours }: { quiet: boolean; colours: Colours }): Talk {
  return {
    colours,
    say: async (line) => {
      if (!quiet) await stderr.write(`${line}\n`)
    },
    next: async (...commands) => {
      if (quiet || !stderr.isTTY || commands.length === 0) return
      await stderr.write(`\nNext:\n${commands.map((command) => `  ${colours.cyan(command)}\n`).join('')}`)
    },
  }
}
