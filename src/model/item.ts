/** Where an item can stand. */
export const itemStates = [
  'pending',
  'running',
  'waiting',
  'held',
  'succeeded',
  'skipped',
  'quarantined',
  'discarded',
  'cancelled',
  'compensating',
  'compensated',
  'compensation_failed',
] as const
/** Where an item stands. */
export type ItemState = (typeof itemStates)[number]

/** States that a run leaves an item in for good: only an operator's act leaves them. */
export const terminalStates: ReadonlySet<ItemState> = new Set([
  'succeeded',
  'skipped',
  'quarantined',
  'discarded',
  'cancelled',
  'compensated',
  'compensation_failed',
])

/** How many items stand where; `read` is how many the source has given. */
export type Counts = { readonly [State in ItemState | 'read']: number }

/** Id of an item for people and commands: `b_…:POSITION`. */
export function itemId(batchId: string, position: number): string {
  return `${batchId}:${position}`
}
