import type { LogLevel } from '../attempt/attempt.ts'

/** Longest line that is kept, in characters. */
const LINE_MAX = 1_000

/** What a handler logged, as one bounded line: level, message, fields as JSON. */
export function logLine(level: LogLevel, message: string, fields: object | undefined): string {
  const line = fields === undefined ? `${level} ${message}` : `${level} ${message} ${inOneLine(fields)}`
  return line.slice(0, LINE_MAX)
}

function inOneLine(fields: object): string {
  try {
    return JSON.stringify(fields)
  } catch {
    return '(fields that cannot be shown)'
  }
}
