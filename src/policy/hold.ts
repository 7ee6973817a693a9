/** Positions of items held for a dependency, first in, first out; every act in constant time. Bounded by the runner's `parked`. */
export interface HoldQueue {
  readonly size: number
  has(position: number): boolean
  /** At the end; a position that is held already keeps its place. */
  push(position: number): void
  /** At the end, also if it is held already: a failed probe lets the others go first. */
  pushBack(position: number): void
  /** The one held longest, removed; undefined if none is held. */
  shift(): number | undefined
  /** False if it wasn't held. */
  remove(position: number): boolean
  /** Longest held first. */
  positions(): Iterable<number>
}

export function createHoldQueue(): HoldQueue {
  const held = new Set<number>()
  // One iterator that goes on where it was: a new one for each shift would step over all that has gone before.
  let fromOldest = held.values()

  return {
    get size() {
      return held.size
    },
    has: (position) => held.has(position),
    push: (position) => void held.add(position),
    pushBack(position) {
      held.delete(position)
      held.add(position)
    },
    shift() {
      if (held.size === 0) return undefined
      let next = fromOldest.next()
      if (next.done) {
        fromOldest = held.values()
        next = fromOldest.next()
      }
      held.delete(next.value!)
      return next.value
    },
    remove: (position) => held.delete(position),
    positions: () => held.values(),
  }
}
