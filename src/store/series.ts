import type { SeriesPoint } from './runs.ts'

/** How many attempts ended how, in buckets of 10 s: the denominator of trends, since plain successes have no rows. */
export interface Series {
  read(batchId: string, range?: { readonly fromMs?: number; readonly toMs?: number }): Promise<readonly SeriesPoint[]>
}
