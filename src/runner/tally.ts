import type { BatchEvent } from '../model/event.ts'
import type { ItemState } from '../model/item.ts'
import type { Tally } from '../store/runs.ts'

/** What a live panel shows of a running batch. Numbers of this process; verdicts come from the ledger. */
export interface LiveCounts {
  total: number
  retries: number
  notCounted: number
  recovered: number
  readonly states: { [State in ItemState]: number }
  readonly groups: Map<string, { readonly id: string; readonly title: string; count: number }>
}

/** Error groups shown live, at most. */
const GROUPS = 200

export function createLiveCounts(tally: Tally, states: { readonly [State in ItemState]: number }): LiveCounts {
  return { ...tally, states: { ...states }, groups: new Map() }
}

export function countGroup(counts: LiveCounts, group: { readonly id: string; readonly title: string }): void {
  const known = counts.groups.get(group.id)
  if (known) known.count++
  else if (counts.groups.size < GROUPS) counts.groups.set(group.id, { ...group, count: 1 })
}

/** A listener of a batch's events; it may throw, and is then not called again. */
export type Listener = (event: BatchEvent) => void
