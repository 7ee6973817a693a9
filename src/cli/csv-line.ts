import { defuseCell } from '../redact/escape-output.ts'
import { cellText } from './field-of.ts'

/** A line of CSV (RFC 4180, but ended by LF). Texts that a spreadsheet would compute are defused; numbers are left as they are. */
export function csvLine(values: readonly unknown[], clean: (text: string) => string = (text) => text): string {
  return `${values.map((value) => cell(value, clean)).join(',')}\n`
}

function cell(value: unknown, clean: (text: string) => string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = defuseCell(clean(cellText(value)))
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
