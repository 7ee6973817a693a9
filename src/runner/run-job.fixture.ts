import type { JobDefinition, StartOptions } from '../job/definition.ts'
import type { BatchEvent } from '../model/event.ts'
import type { Report } from '../model/report.ts'
import type { Source } from '../model/source.ts'
import { job } from '../open/job.ts'
import { jobInnards } from '../open/job-innards.ts'
import { type StartedJob, startJob } from '../open/start-job.ts'
import { adapterOf } from '../source/adapter-of.ts'
import { guard } from '../store/guard.ts'
import { parseKeyring } from '../store/keyring.ts'
import { openSqlite } from '../store/sqlite/open-sqlite.ts'
import type { Store } from '../store/store.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { createVirtualClock, type VirtualClock } from '../testing/virtual-clock.ts'

/** A ledger in memory and a clock that is turned by hand: runs of jobs that take hours, in no time. */
export interface Bench {
  readonly store: Store
  readonly clock: VirtualClock
  start(definition: JobDefinition<any, any, string>, options?: StartOptions<unknown>): Promise<StartedJob>
  /** Turns the clock in steps until the batch has ended, at most `limitMs`. */
  finish(started: StartedJob, limitMs?: number, stepMs?: number): Promise<Report>
  /** Turns the clock until this holds, at most `limitMs`. */
  until(holds: () => boolean | Promise<boolean>, limitMs?: number, stepMs?: number): Promise<void>
  /** Events of a batch from now on. */
  listen(started: StartedJob): BatchEvent[]
}

export async function openBench(options: { readonly keys?: string; readonly seed?: number } = {}): Promise<Bench> {
  const clock = createVirtualClock()
  // As if it were a file: what a ledger in memory need not keep is kept too.
  const bare = { ...(await openSqlite(':memory:')), durable: true }
  const parsed = options.keys === undefined ? undefined : parseKeyring(options.keys)
  const secretsOf = async (batchId: string) => (await bare.runs.get(batchId))?.secret ?? []
  const store = guard(bare, { secretsOf, ...(parsed?.ok && { keyring: parsed.keyring }) })
  const random = createSeededRandom(options.seed ?? 1)

  const until: Bench['until'] = async (holds, limitMs = 600_000, stepMs = 50) => {
    for (let passedMs = 0; passedMs <= limitMs; passedMs += stepMs) {
      if (await holds()) return
      await clock.advance(stepMs)
    }
    throw new Error(`it did not come about within ${limitMs} ms`)
  }

  return {
    store,
    clock,
    until,
    async start(definition, start = {}) {
      const innards = jobInnards(job(definition))!
      const source = adapterOf((start.source ?? definition.source) as Source<unknown, unknown>)
      return startJob({ job: innards.checked(), source, store, options: start, ownsStore: false, clock, random })
    },
    async finish(started, limitMs, stepMs) {
      let report: Report | undefined
      let failed: { readonly error: unknown } | undefined
      started.batch.done.then(
        (done) => {
          report = done
        },
        (error: unknown) => {
          failed = { error }
        },
      )
      await until(() => report !== undefined || failed !== undefined, limitMs, stepMs)
      if (failed) throw failed.error
      return report!
    },
    listen(started) {
      const heard: BatchEvent[] = []
      void (async () => {
        for await (const event of started.batch.events) heard.push(event)
      })()
      return heard
    },
  }
}

/** An error as a broken connection gives it. */
export const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
/** An error as a service that is down gives it. */
export const refused = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })
