import type { AttemptWorld } from '../attempt/attempt.ts'
import { createRateLimiter } from '../policy/rate-limiter.ts'
import type { Committer } from './committer.ts'
import type { Dependency } from './dependency.ts'
import type { Feed } from './feed.ts'
import { createIntake, type Intake } from './intake.ts'
import type { Judge } from './judge.ts'
import type { KeyGuard } from './key-guard.ts'
import { logLine } from './log-line.ts'
import type { Outcomes } from './outcomes.ts'
import type { Parked } from './parked.ts'
import { createRows, type Rows } from './rows.ts'
import type { BatchRunOptions } from './run.ts'
import { createShapeKept } from './shape-kept.ts'
import { createUnrun } from './unrun.ts'

/** While the source gives items, every so many-th look may take a redrive, so that neither starves. */
const REDRIVE_EVERY = 8

export interface IntakeParts {
  readonly options: BatchRunOptions
  readonly committer: Committer
  readonly parked: Parked
  readonly judge: Judge
  readonly keys: KeyGuard | undefined
  readonly dependencies: ReadonlyMap<string, Dependency>
  readonly dependency: (name: string) => Dependency
  readonly outcomes: Outcomes
  readonly feed: () => Feed | undefined
  /** State of the source's cursor, for repaired raw rows. */
  readonly rawState: () => unknown
  readonly span: () => number
  readonly wake: () => void
  readonly onError: (error: unknown) => void
  readonly onNotice: (code: string, message: string) => void
}

/** Puts the intake of a run together: rows, source, and the world of its attempts. */
export function makeIntake(parts: IntakeParts): { readonly rows: Rows; readonly intake: Intake } {
  const { options, committer, parked, dependencies, feed, wake, onError } = parts
  const { job, source, store, batch, clock, random, ratePerMs } = options
  const shared = { world: worldOf(parts), clock, committer, parked, wake }
  const onSettled: Outcomes['settled'] = (settled, position) => parts.outcomes.settled(settled, position)
  let looks = 0
  const rows = createRows({
    ...shared,
    runs: store.runs,
    batchId: batch.id,
    concurrency: job.concurrency,
    dependencies,
    onSettled,
    shapeKept: createShapeKept(source, parts.rawState),
    onError,
    redrivesWait: () => feed()?.ready === true && looks++ % REDRIVE_EVERY !== 0,
  })
  const unrun = createUnrun({ job, source, committer, judge: parts.judge, clock, random })
  const limiter = ratePerMs === undefined ? undefined : createRateLimiter(ratePerMs)
  const { keys, span, onNotice } = parts
  return {
    rows,
    intake: createIntake({ ...shared, job, source, unrun, rows, feed, keys, onSettled, limiter, span, onNotice }),
  }
}

function worldOf({ options, dependency }: IntakeParts): AttemptWorld {
  return {
    jobName: options.job.name,
    batchId: options.batch.id,
    clock: options.clock,
    call: (attempt, name, fn, fallback) => dependency(name).call(attempt, fn, fallback),
    log: (attempt, level, message, fields) => {
      const line = logLine(level, message, fields)
      attempt.keepLog(line)
      options.onLog?.(level, `${attempt.key} ${line}`)
    },
  }
}
