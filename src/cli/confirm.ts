import { RedriveError } from '../model/redrive-error.ts'
import { terminalText } from '../report/terminal-text.ts'
import type { Call } from './command.ts'
import { commandAgain } from './command-again.ts'
import { readLines } from './read-lines.ts'

/** What is asked before an act, and how. */
export interface Question {
  /** Name of the command, for the line that does it without asking. */
  readonly name: string
  /** `Retry 12 dead letters` */
  readonly act: string
  /** What must be typed; default: y or yes. */
  readonly type?: string
  /** Words that the line without asking needs: `--yes --expect 12`. */
  readonly again: readonly string[]
}

/**
 * Asks, on standard error, and answers when it is a yes. Rejects with RD-1703 when it is a no, and when there is no
 * terminal: nothing is ever asked there, and the command that does it without asking is shown. `--yes` is a yes.
 */
export async function confirm(call: Call, { name, act, type, again }: Question): Promise<void> {
  const { globals, world } = call
  if (globals.yes) return
  if (!globals.input || !world.stdinIsTTY || !world.stderr.isTTY) {
    throw new RedriveError('RD-1703', {
      what: `${act}: this needs a confirmation, and there is nobody to ask.`,
      fix: `Run it with the answer: ${commandAgain(name, call, again)}`,
    })
  }
  const how = type === undefined ? '[y/N]' : `Type ${terminalText(type)} to go on:`
  await world.stderr.write(`${terminalText(act)}${type === undefined ? '?' : '.'} ${how} `)
  const answer = (await firstLine(world.stdin)).trim()
  if (type === undefined ? /^y(es)?$/i.test(answer) : answer === type) return
  throw new RedriveError('RD-1703', {
    what: 'It was not confirmed: nothing was changed.',
    fix: `Run it again, or without being asked: ${commandAgain(name, call, again)}`,
  })
}

async function firstLine(stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  for await (const line of readLines(stdin)) return line ?? ''
  return ''
}
