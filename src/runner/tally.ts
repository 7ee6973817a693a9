import { type ItemState, itemStates } from '../model/item.ts'
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

export function createLiveCounts(tally: Tally): LiveCounts {
  const states = Object.fromEntries(itemStates.map((state) => [state, 0])) as LiveCounts['states']
  return { ...tally, states, groups: new Map() }
}

export function countGroup(counts: LiveCounts, group: { readonly id: string; readonly title: string }): void {
  const known = counts.groups.get(group.id)
  if (known) known.count++
  else if (counts.groups.size < GROUPS) counts.groups.set(group.id, { ...group, count: 1 })
}
