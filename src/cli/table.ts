import type { Colours } from '../report/colours.ts'
import { fitText, padText, terminalText, textWidth } from '../report/terminal-text.ts'
import type { Column } from './list-shape.ts'

const gap = '  '
/** Narrowest that a column is cut to. */
const narrowest = 12

/**
 * Prints rows as an aligned table, chunk by chunk; the head comes with the first. Widths grow from chunk to chunk.
 * On a terminal (`columns` given) lines are cut to its width, in the `grow` columns first; elsewhere nothing is cut.
 */
export function createTable<Row>(
  columns: readonly Column<Row>[],
  style: { colours: Colours; columns: number | undefined },
): (rows: readonly Row[]) => string {
  const widths = columns.map((column) => textWidth(column.head))
  let begun = false
  return (rows) => {
    if (rows.length === 0) return ''
    const cells = rows.map((row) => columns.map((column) => terminalText(column.cell(row))))
    for (const line of cells)
      for (let i = 0; i < line.length; i++) widths[i] = Math.max(widths[i]!, textWidth(line[i]!))
    const shown = style.columns === undefined ? widths : shrink(widths, columns, style.columns)
    const lines = cells.map((line, r) =>
      join(line, (text, i) => columns[i]!.paint?.(rows[r]!, style.colours)(text) ?? text, columns, shown),
    )
    if (!begun)
      lines.unshift(
        join(
          columns.map((column) => column.head),
          style.colours.bold,
          columns,
          shown,
        ),
      )
    begun = true
    return `${lines.join('\n')}\n`
  }
}

function join<Row>(
  cells: readonly string[],
  paint: (text: string, i: number) => string,
  columns: readonly Column<Row>[],
  widths: readonly number[],
): string {
  const texts = cells.map((text, i) => {
    const fitted = fitText(text, widths[i]!)
    const last = i === cells.length - 1 && !columns[i]!.right
    const padded = last ? fitted : padText(fitted, widths[i]!, columns[i]!.right)
    // Colours go around the text alone, so that blanks stay blanks.
    return fitted === '' ? padded : padded.replace(fitted, () => paint(fitted, i))
  })
  return texts.join(gap).trimEnd()
}

/** Takes what is too much from the columns that may be cut, widest first, then from any. */
function shrink<Row>(widths: readonly number[], columns: readonly Column<Row>[], available: number): number[] {
  const shown = [...widths]
  let over = shown.reduce((sum, width) => sum + width, 0) + gap.length * (shown.length - 1) - available
  for (const may of [(i: number) => columns[i]!.grow === true, () => true]) {
    while (over > 0) {
      let widest = -1
      for (let i = 0; i < shown.length; i++)
        if (may(i) && shown[i]! > narrowest && (widest < 0 || shown[i]! > shown[widest]!)) widest = i
      if (widest < 0) break
      shown[widest]!--
      over--
    }
  }
  return shown
}
