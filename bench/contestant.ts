/** One who is measured: a file of `contestants/` exports it as `contestant` and runs in a process of its own. */
export interface Contestant {
  /** Does the whole work once. Answers what its handler saw, for the check that nothing was left out. */
  run(trial: Trial): Promise<Tally> | Tally
}

/** What is to be done. */
export interface Trial {
  readonly count: number
  /** The same items for everybody, made before the clock starts. Empty when the contestant reads `file`. */
  readonly items: readonly Item[]
  /** JSON lines with exactly `count` items; empty in trials without a file. */
  readonly file: string
  /** An empty folder on the measured disk, the run's own. */
  readonly folder: string
}

/** About 100 bytes as a line of JSON. */
export interface Item {
  readonly id: number
  readonly customer: string
  readonly country: string
  readonly amount: number
  readonly note: string
}

/** What a handler saw. `sum` adds up the items' ids, so that an item run twice can't stand for one left out. */
export interface Tally {
  handled: number
  sum: number
}

export const CONCURRENCY = 16

export function itemAt(id: number): Item {
  const customer = `c-${String(id % 100_000).padStart(6, '0')}`
  return { id, customer, country: id % 3 === 0 ? 'FR' : 'GB', amount: (id % 9_999) / 100, note: 'leave at the door' }
}

/** The no-op handler that everybody calls, and its tally. */
export function noopHandler(): { readonly tally: Tally; readonly handle: (item: Item) => Promise<void> } {
  const tally: Tally = { handled: 0, sum: 0 }
  return {
    tally,
    async handle(item) {
      tally.handled++
      tally.sum += item.id
    },
  }
}

/** Throws unless each of `count` items was handled once. */
export function checkTally({ handled, sum }: Tally, count: number): void {
  const expected = (count * (count - 1)) / 2
  if (handled === count && sum === expected) return
  throw new Error(`${handled} of ${count} items were handled, their ids add up to ${sum} instead of ${expected}`)
}
