import type { Clock } from '../model/clock.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Runs, Signal } from '../store/runs.ts'
import { LEASE_MS, RENEW_MS } from './owner.ts'

/** Signals from other processes are read so often. */
const SIGNAL_MS = 500

export interface BeatOptions {
  readonly runs: Runs
  readonly batchId: string
  readonly epoch: number
  readonly clock: Clock
  readonly obey: (signal: Signal) => Promise<void> | void
  /** The lease was lost (RD-1402), or the store failed. The beat has ended. */
  readonly onBroken: (error: unknown) => void
}

/** Keeps the lease, and hears what other processes say to this run. Answers what ends it. */
export function startBeat(options: BeatOptions): () => void {
  const { runs, batchId, epoch, clock } = options
  let renewedMs = clock.monotonicMs()
  let stopped = false
  let cancelTimer = () => {}

  const beat = async () => {
    if (clock.monotonicMs() - renewedMs >= RENEW_MS) {
      renewedMs = clock.monotonicMs()
      const held = await runs.renew(batchId, epoch, clock.wallMs() + LEASE_MS)
      if (!held) throw new RedriveError('RD-1402', { what: `the lease of batch ${batchId} was lost` })
    }
    for (const signal of await runs.takeSignals(batchId, epoch)) await options.obey(signal)
  }

  const schedule = () => {
    if (stopped) return
    cancelTimer = clock.setTimer(() => {
      beat().then(schedule, (error: unknown) => {
        if (!stopped) options.onBroken(error)
      })
    }, SIGNAL_MS)
  }
  schedule()
  return () => {
    stopped = true
    cancelTimer()
  }
}
