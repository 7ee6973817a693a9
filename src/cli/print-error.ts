import { RedriveError } from '../model/redrive-error.ts'
import type { Colours } from '../report/colours.ts'
import { terminalBlock, terminalText } from '../report/terminal-text.ts'

/** An error for people: code, what, why, fix, and where to read on. The stack of an unexpected one only when `verbose`. */
export function printedError(
  error: unknown,
  { colours, verbose }: { colours: Colours; verbose: boolean },
): { text: string; exitCode: number } {
  const known = error instanceof RedriveError ? error : unexpected(error)
  const lines = [`${colours.red(colours.bold(known.code))}: ${terminalText(known.what)}`]
  if (known.why) lines.push(`  why: ${terminalText(known.why)}`)
  lines.push(`  fix: ${terminalText(known.fix)}`)
  if (verbose) lines.push(...causes(known))
  lines.push(`  ${colours.cyan(`redrive explain ${known.code}`)}`)
  return { text: `${lines.join('\n')}\n`, exitCode: known.exitCode }
}

function unexpected(error: unknown): RedriveError {
  const message =
    error instanceof Error ? `${error.name}: ${error.message}` : `A value was thrown that is no error: ${typeof error}`
  return new RedriveError('RD-1999', {
    what: message.slice(0, 1_000),
    cause: error,
    fix: 'Run it again with -v, and report it with the message and the stack.',
  })
}

function causes(error: RedriveError): string[] {
  const { cause } = error
  if (cause === undefined) return []
  const text = cause instanceof Error ? (cause.stack ?? String(cause)) : String(cause)
  return terminalBlock(text.slice(0, 8_192))
    .split('\n')
    .map((line) => `  ${line}`)
}
