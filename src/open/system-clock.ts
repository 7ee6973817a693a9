import { performance } from 'node:perf_hooks'
import type { Clock } from '../model/clock.ts'

/** The clock of this machine. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(fn, delayMs) {
    const timer = setTimeout(fn, Math.min(delayMs, 2_147_483_647))
    return () => clearTimeout(timer)
  },
}
