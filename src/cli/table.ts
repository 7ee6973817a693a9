import type { Colours } from '../report/colours.ts'
import { fitText, terminalText, textWidth } from '../report/terminal-text.ts'
import type { Column } from './list-shape.ts'

const gap = '  '
/** Narrowest that a column is cut to. */
const narrowest = 12

interface Style {
  readonly colours: Colours
  /** Of the terminal; undefined if there is none: then nothing is cut. */
  readonly columns: number | undefined
}

/** A column with the cells of a chunk. */
interface Strip<Row> {
  readonly column: Column<Row>
  readonly cells: readonly string[]
  readonly width: number
}

/**
 * Prints rows as an aligned table, chunk by chunk; the head comes with the first. Widths grow from chunk to chunk.
 * On a terminal lines are made to fit: `spare` columns are left out from the right, then `grow` columns are cut, then any.
 */
export function createTable<Row>(columns: readonly Column<Row>[], style: Style): (rows: readonly Row[]) => string {
  let kept: { readonly column: Column<Row>; readonly width: number }[] | undefined
  return (rows) => {
    if (rows.length === 0) return ''
    const begun = kept !== undefined
    const before = kept ?? columns.map((column) => ({ column, width: textWidth(column.head) }))
    const strips = before.map(({ column, width }) => {
      const cells = rows.map((row) => terminalText(column.cell(row)))
      return { column, cells, width: Math.max(width, ...cells.map(textWidth)) }
    })
    const shown = begun || style.columns === undefined ? strips : withoutSpare(strips, style.columns)
    kept = shown.map(({ column, width }) => ({ column, width }))
    const widths = style.columns === undefined ? shown.map((strip) => strip.width) : shrink(shown, style.columns)
    const head = line(shown, widths, ({ column }) => ({ text: column.head, paint: style.colours.bold }))
    const lines = rows.map((row, r) =>
      line(shown, widths, ({ column, cells }) => ({ text: cells[r]!, paint: column.paint?.(row, style.colours) })),
    )
    return `${(begun ? lines : [head, ...lines]).join('\n')}\n`
  }
}

function line<Row>(
  strips: readonly Strip<Row>[],
  widths: readonly number[],
  cell: (strip: Strip<Row>) => { readonly text: string; readonly paint: ((text: string) => string) | undefined },
): string {
  const texts = strips.map((strip, i) => {
    const { text, paint } = cell(strip)
    const fitted = fitText(text, widths[i]!)
    const blanks = ' '.repeat(widths[i]! - textWidth(fitted))
    const painted = paint ? paint(fitted) : fitted
    if (strip.column.right) return blanks + painted
    return i === strips.length - 1 ? painted : painted + blanks
  })
  return texts.join(gap).trimEnd()
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1)
}

function withoutSpare<Row>(strips: readonly Strip<Row>[], available: number): readonly Strip<Row>[] {
  const least = strips.map(({ column, width }) => (column.grow ? Math.min(width, narrowest) : width))
  if (total(least) <= available) return strips
  const at = strips.findLastIndex((strip) => strip.column.spare)
  return at < 0 ? strips : withoutSpare(strips.toSpliced(at, 1), available)
}

function shrink<Row>(strips: readonly Strip<Row>[], available: number): number[] {
  const widths = strips.map((strip) => strip.width)
  let over = total(widths) - available
  for (const may of [(i: number) => strips[i]!.column.grow === true, () => true]) {
    while (over > 0) {
      const widest = widestOf(widths, may)
      if (widest < 0) break
      widths[widest]!--
      over--
    }
  }
  return widths
}

function widestOf(widths: readonly number[], may: (i: number) => boolean): number {
  let widest = -1
  for (let i = 0; i < widths.length; i++) {
    if (may(i) && widths[i]! > narrowest && (widest < 0 || widths[i]! > widths[widest]!)) widest = i
  }
  return widest
}
