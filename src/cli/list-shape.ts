import type { Colours } from '../report/colours.ts'
import type { Format } from './global-options.ts'

/** How a list is printed. */
export interface ListShape<Row extends object> {
  /** Every field that a line can have, in order: for `--fields` and CSV. */
  readonly fields: readonly string[]
  /** For people. */
  readonly columns: readonly Column<Row>[]
  /** Said when there is nothing. */
  readonly empty: string
  /** What is printed when no format is asked for; default `text`, a table. */
  readonly format?: Format
  /** Each line is written as soon as it is there. */
  readonly streams?: true
}

/** A column of a table. */
export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => string
  readonly right?: boolean
  /** Cut first when the table is wider than the terminal. */
  readonly grow?: boolean
  /** Left out first when the table is wider than the terminal. */
  readonly spare?: boolean
  readonly paint?: (row: Row, colours: Colours) => (text: string) => string
}
