import { RedriveError } from '../model/redrive-error.ts'

/** A CSV row: column → cell. */
export type Row = { [column: string]: string }
/** A CSV payload: the columns that the schema reads, as text. */
export type Cells<Input> = string extends keyof Input ? Row : { [Column in keyof Input]: string }

/** How a CSV file is laid out. */
export interface CsvLayout {
  readonly delimiter: string
  readonly header: readonly string[]
  /** No column is named `__proto__`, which can't simply be assigned. */
  readonly assignable: boolean
}

export function csvLayout(header: readonly string[], delimiter: string): CsvLayout {
  return { delimiter, header, assignable: !header.includes('__proto__') }
}

/** Names each cell; as many cells as columns are given. */
export function rowOf({ header, assignable }: CsvLayout, cells: readonly string[]): Row {
  const row: Row = {}
  if (assignable) {
    for (let column = 0; column < header.length; column++) row[header[column]!] = cells[column]!
    return row
  }
  for (let column = 0; column < header.length; column++) setCell(row, header[column]!, cells[column]!)
  return row
}

/** `__proto__` is a column like any other. */
function setCell(row: Row, column: string, cell: string): void {
  if (column !== '__proto__') row[column] = cell
  else Object.defineProperty(row, column, { value: cell, enumerable: true, configurable: true, writable: true })
}

/** Refuses a header that can't name the cells (RD-1202). */
export function checkHeader(name: string, header: readonly string[]): void {
  const refuse = (what: string, fix: string): never => {
    throw new RedriveError('RD-1202', {
      what: `${name}: ${what}`,
      why: 'The header row names the cells of each row.',
      fix,
    })
  }
  const seen = new Map<string, number>()
  header.forEach((column, index) => {
    if (column === '') refuse(`column ${index + 1} of the header has no name`, 'Name the column in the header row.')
    const first = seen.get(column)
    if (first !== undefined) {
      refuse(
        `columns ${first + 1} and ${index + 1} of the header are both named ${JSON.stringify(column)}`,
        'Give each column a name of its own.',
      )
    }
    seen.set(column, index)
  })
}
