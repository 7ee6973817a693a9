import { RedriveError } from '../model/redrive-error.ts'
import type { Page, Paged } from '../store/page.ts'

/** A page of a whole list; `cursor` names a row so that the next page begins after it. */
export function paged<Row>(rows: readonly Row[], page: Page, cursor: (row: Row) => string): Paged<Row> {
  const limit = Math.max(1, Math.min(10_000, page.limit ?? 1_000))
  const after = page.after === undefined ? -1 : rows.findIndex((row) => cursor(row) === page.after)
  if (page.after !== undefined && after < 0)
    throw new RedriveError('RD-1101', { what: `The cursor ${JSON.stringify(page.after)} is none that a page gave` })
  const shown = rows.slice(after + 1, after + 1 + limit)
  return after + 1 + limit < rows.length ? { rows: shown, next: cursor(shown.at(-1)!) } : { rows: shown }
}
