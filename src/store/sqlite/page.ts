import { RedriveError } from '../../model/redrive-error.ts'
import type { Page, Paged } from '../page.ts'

const limitDefault = 1_000
const limitMax = 10_000

/** How many rows a page may have: 1 to 10,000, default 1,000. */
export function pageLimit(page: Page): number {
  return Math.max(1, Math.min(limitMax, Math.trunc(page.limit ?? limitDefault)))
}

/** The number that the last page gave as its cursor, or `start` for the first page. */
export function pageAfter(page: Page, start: number): number {
  if (page.after === undefined) return start
  const after = Number(page.after)
  if (Number.isSafeInteger(after) && /^\d+$/.test(page.after)) return after
  throw badCursor(page.after)
}

export function badCursor(after: string): RedriveError {
  return new RedriveError('RD-1101', {
    what: `The cursor ${JSON.stringify(after)} is none that a page gave`,
    fix: 'Give `next` of the page before, or none.',
  })
}

/** A page of rows of which one more than the limit was asked for. */
export function toPage<Row, Answer>(
  rows: readonly Row[],
  limit: number,
  map: { readonly answer: (row: Row) => Answer; readonly cursor: (row: Row) => string },
): Paged<Answer> {
  const shown = rows.length > limit ? rows.slice(0, limit) : rows
  const answers = shown.map(map.answer)
  return rows.length > limit ? { rows: answers, next: map.cursor(shown.at(-1)!) } : { rows: answers }
}
