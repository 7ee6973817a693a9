/** Where a batch can stand; `interrupted` is derived: running without a living lease. */
export const batchStates = [
  'running',
  'paused',
  'stopped',
  'cancelled',
  'rolling_back',
  'rolled_back',
  'completed',
  'completed_with_failures',
  'interrupted',
] as const
/** Where a batch stands. */
export type BatchState = (typeof batchStates)[number]
/** What a ledger keeps: everything but the derived `interrupted`. */
export type KeptBatchState = Exclude<BatchState, 'interrupted'>

/** States from which a run may go on. */
export const resumableStates: ReadonlySet<BatchState> = new Set(['running', 'paused', 'stopped', 'interrupted'])
