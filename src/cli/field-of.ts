import { nearest } from '../model/did-you-mean.ts'
import { RedriveError } from '../model/redrive-error.ts'

/** The value of a field; `error.message` is a field of a field. Undefined if it isn't there. */
export function fieldOf(row: object, name: string): unknown {
  let value: unknown = row
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as { [field: string]: unknown })[part]
  }
  return value
}

/** Only these fields, in this order; null for what isn't there. */
export function pickFields(row: object, fields: readonly string[]): object {
  return Object.fromEntries(fields.map((name) => [name, fieldOf(row, name) ?? null]))
}

/** A value in a cell. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A field may be absent from a line, but not unknown: RD-1701 with the nearest. */
export function checkFields(wanted: readonly string[] | undefined, known: readonly string[]): void {
  for (const name of wanted ?? []) {
    const head = name.split('.')[0]!
    if (known.includes(name) || known.includes(head)) continue
    const near = nearest(head, known)
    throw new RedriveError('RD-1701', {
      what: `There is no field ${JSON.stringify(name)} to show.`,
      fix: `${near ? `Did you mean ${near}? ` : ''}Fields are ${known.join(', ')}.`,
    })
  }
}
