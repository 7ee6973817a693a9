import { type Item, noopHandler } from './contestant.ts'

const BUSY_MS = 0.1

/**
 * A handler that takes 100 µs of processor time. It watches the clock instead of counting turns, so that both sides spend
 * the same in it, and what is left is the time between handlers.
 */
export function busyHandler() {
  const { tally, handle } = noopHandler()
  return {
    tally,
    handle(item: Item): Promise<void> {
      const endMs = performance.now() + BUSY_MS
      while (performance.now() < endMs);
      return handle(item)
    },
  }
}
