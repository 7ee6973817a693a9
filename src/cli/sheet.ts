import { padText, terminalText } from '../report/terminal-text.ts'

/** Lines of names and values, aligned; those without a value are left out. Values are made safe for a terminal. */
export function sheet(rows: readonly (readonly [name: string, value: string | undefined])[]): string[] {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${padText(name, width)}  ${terminalText(value!)}`)
}

/** A heading and what stands under it; nothing when there is nothing. */
export function section(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${head}:`, ...lines.map((line) => `  ${line}`)]
}
