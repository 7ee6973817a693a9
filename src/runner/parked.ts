import type { OpenItem } from '../store/runs.ts'
import { createDueQueue } from './due-queue.ts'

/** Items that have a row and no slot: due at a time, interrupted, or held (those stand in their dependency's queue). Keys and times only: payloads stay in the ledger. */
export interface Parked {
  readonly waiting: number
  readonly held: number
  readonly pending: number
  /** Any of these. */
  readonly any: boolean
  /** Waiting for a turn at a limit of redrive's own. */
  readonly throttled: number
  /** An item that the ledger has open. `dueMs` is monotonic. */
  add(item: ParkedItem): void
  get(position: number): ParkedItem | undefined
  /** The first waiting item that is due. */
  takeDue(nowMs: number): ParkedItem | undefined
  /** The first interrupted one. */
  takePending(): ParkedItem | undefined
  /** A held one, out of its queue. */
  takeHeld(position: number): ParkedItem | undefined
  nextDueMs(): number
  all(): Iterable<ParkedItem>
}

export interface ParkedItem extends OpenItem {
  /** Monotonic; of a waiting item. */
  readonly dueMs?: number
  /** Since when it is held or waits uncounted, so that this doesn't count as elapsed; wall. */
  readonly parkedAtMs: number
  readonly throttled?: boolean
  /** Held for a dependency that the job doesn't declare any more, or that has no breaker: it runs as if it were due. */
  readonly orphan?: boolean
  readonly ticket?: { readonly dependency: string; readonly atMs: number }
}

export function createParked(): Parked {
  const items = new Map<number, ParkedItem>()
  const due = createDueQueue<number>()
  const pending: number[] = []
  const counts = { waiting: 0, held: 0, pending: 0, throttled: 0 }

  const take = (position: number, state: ParkedItem['state']): ParkedItem | undefined => {
    const item = items.get(position)
    if (!item || (item.state !== state && !item.orphan)) return undefined
    items.delete(position)
    if (item.state !== 'running') counts[item.state]--
    if (item.throttled) counts.throttled--
    return item
  }

  return {
    get waiting() {
      return counts.waiting
    },
    get held() {
      return counts.held
    },
    get pending() {
      return counts.pending
    },
    get any() {
      return items.size > 0
    },
    get throttled() {
      return counts.throttled
    },
    add(item) {
      items.set(item.position, item)
      if (item.state !== 'running') counts[item.state]++
      if (item.throttled) counts.throttled++
      if (item.state === 'waiting' || item.orphan) due.push(item.dueMs ?? 0, item.position)
      if (item.state === 'pending') pending.push(item.position)
    },
    get: (position) => items.get(position),
    takeDue(nowMs) {
      for (;;) {
        const position = due.takeDue(nowMs)
        if (position === undefined) return undefined
        const item = take(position, 'waiting')
        if (item) return item
      }
    },
    takePending() {
      for (;;) {
        const position = pending.shift()
        if (position === undefined) return undefined
        const item = take(position, 'pending')
        if (item) return item
      }
    },
    takeHeld: (position) => take(position, 'held'),
    nextDueMs: () => due.nextMs(),
    all: () => items.values(),
  }
}
