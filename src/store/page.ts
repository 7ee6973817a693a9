/** When something is asked: needed by a query with `age`, since an adapter has no clock. RD-1999 if such a query comes without. */
export interface Asked {
  readonly nowMs?: number
}

/** One page of a list: at most `limit` (default 1,000, at most 10,000) from after the cursor that the last page gave. */
export interface Page extends Asked {
  readonly limit?: number
  readonly after?: string
}

/** What a page answers; `next` is absent at the end. */
export interface Paged<Row> {
  readonly rows: readonly Row[]
  readonly next?: string
}
