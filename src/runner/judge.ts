import type { Attempt } from '../attempt/attempt.ts'
import { AttemptTimeout } from '../attempt/verdicts.ts'
import { capture } from '../classify/capture.ts'
import { classifyFailure } from '../classify/classify-failure.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { Classification } from '../model/classification.ts'
import type { Clock } from '../model/clock.ts'
import type { Uncounted } from '../model/decision.ts'
import type { CapturedFailure } from '../model/failure.ts'
import { type Decided, decide, type Situation } from '../policy/decide.ts'
import type { Progress } from '../store/runs.ts'
import { type Dependency, knownFailure } from './dependency.ts'

/** A failure, and what it was found to be. */
export interface Found {
  readonly failure: CapturedFailure
  readonly classification: Classification
}

/** A failed attempt with what is to be done. */
export interface Judged extends Found {
  readonly decided: Decided
  readonly uncounted?: Uncounted
}

export interface JudgeOptions {
  readonly job: CheckedJob
  readonly clock: Clock
  readonly random: () => number
  readonly dependency: (name: string) => Dependency | undefined
}

/** Captures, classifies and decides; writes nothing. */
export interface Judge {
  find(thrown: unknown, attempt?: Attempt): Found
  /** `before`: the item's history without this failure. */
  judge(attempt: Attempt, before: Progress, thrown: unknown): Judged
}

export function createJudge(options: JudgeOptions): Judge {
  const { job, clock } = options

  const find = (thrown: unknown, attempt?: Attempt): Found => {
    const failure = capture(thrown, { stack: true, nowMs: clock.wallMs() })
    const known = attempt && knownFailure(attempt, thrown)
    if (known) return { failure, classification: known.classification }
    const dependency = attempt?.failedAt
    const context = { rules: job.rules, ...(dependency !== undefined && { dependency }) }
    return { failure, classification: classifyFailure(failure, context) }
  }

  const factsOf = (attempt: Attempt, before: Progress): Situation['dependency'] => {
    const name = attempt.heldBy ?? attempt.throttled?.dependency ?? attempt.failedAt
    const dependency = name === undefined ? undefined : options.dependency(name)
    if (!dependency) return undefined
    const sinceMs = before.firstFailedAtMs === undefined ? undefined : clock.wallMs() - before.firstFailedAtMs
    return dependency.facts(attempt.position, sinceMs === undefined ? attempt.startedMs : clock.monotonicMs() - sinceMs)
  }

  return {
    find,
    judge(attempt, before, thrown) {
      const timedOut = attempt.timedOut && !(thrown instanceof AttemptTimeout)
      const found = find(timedOut ? new AttemptTimeout('the attempt', job.timeoutMs, thrown) : thrown, attempt)
      const uncounted = uncountedOf(attempt)
      const dependency = factsOf(attempt, before)
      const situation: Situation = {
        ...found,
        attempts: before.attempts + 1,
        progress: before,
        nowMs: clock.wallMs(),
        ...(uncounted && { uncounted }),
        ...(attempt.throttled && { waitMs: attempt.throttled.waitMs }),
        ...(dependency && { dependency }),
      }
      return { ...found, decided: decide(situation, job.policy, options.random), ...(uncounted && { uncounted }) }
    },
  }
}

function uncountedOf(attempt: Attempt): Uncounted | undefined {
  if (attempt.heldBy !== undefined) return 'breaker_open'
  if (attempt.throttled) return 'throttled'
  return attempt.probeOf !== undefined && attempt.failedAt === attempt.probeOf ? 'probe' : undefined
}
