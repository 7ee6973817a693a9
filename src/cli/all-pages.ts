import type { Page, Paged } from '../store/page.ts'

/** The rows of all pages, one page in memory at a time. `limit` is that of a page. */
export async function* allPages<Row>(
  fetch: (page: Page) => Promise<Paged<Row>>,
  page: Page = {},
): AsyncGenerator<Row, void> {
  for (let after: string | undefined; ; ) {
    const { rows, next } = await fetch(after === undefined ? page : { ...page, after })
    yield* rows
    if (next === undefined) return
    after = next
  }
}
