/** How many attempts ended how, in buckets of 10 s: the denominator of trends, since plain successes have no rows. */
export interface Series {
  read(batchId: string, range?: { readonly fromMs?: number; readonly toMs?: number }): Promise<readonly SeriesPoint[]>
}

export interface SeriesPoint {
  /** Start of the 10-second bucket. */
  readonly bucketMs: number
  /** Empty for the batch as a whole. */
  readonly dependency: string
  readonly outcome: 'succeeded' | 'failed' | 'quarantined' | 'held'
  readonly count: number
}
