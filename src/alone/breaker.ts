import { formatDuration } from '../model/duration.ts'
import type { BreakerOptions } from '../model/policy.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { type BreakerPhase, countsForBreaker, createBreaker } from '../policy/breaker.ts'
import { invalid } from '../policy/check-options.ts'
import { judge } from './judge.ts'
import { type World, world } from './world.ts'

/** A breaker without a batch. */
export interface LoneBreaker {
  readonly state: BreakerPhase
  /**
   * Calls `fn` unless the breaker is open, its probes (3) are under way, or it has just closed and as many calls as it lets
   * through (1, 2, 4, …) are in flight: then rejects at once with RD-1801, whose `retryAfterMs` is the time until the next
   * probe. Else answers or rejects as `fn` does. Network, timeout, dependency and unknown errors count as failures.
   */
  call<Result>(fn: () => Result | Promise<Result>): Promise<Result>
}

/** A breaker without a batch; `name` is for its errors. Throws RD-1101 or RD-1102 for bad options. */
export function breaker(name: string, options?: BreakerOptions): LoneBreaker {
  return createLoneBreaker(name, options, world)
}

/** `breaker` in another world. */
export function createLoneBreaker(
  name: string,
  options: BreakerOptions | undefined,
  world: Pick<World, 'now' | 'wallNow'>,
): LoneBreaker {
  if (typeof name !== 'string' || name === '') {
    throw invalid('the name of a breaker', name, { expected: 'a text', fix: "Name what it guards: breaker('bank')." })
  }
  const core = createBreaker(options)
  let inFlight = 0
  /** Hung calls of an older epoch must not fill the ramp of this one. */
  let countedEpoch = core.epoch

  return {
    get state() {
      return core.phase
    },
    async call(fn) {
      const startedMs = world.now()
      const admitted = core.admit(startedMs)
      const { epoch } = core
      if (epoch !== countedEpoch) {
        countedEpoch = epoch
        inFlight = 0
      }
      const limit = admitted === 'call' ? core.rampLimit(startedMs) : Number.POSITIVE_INFINITY
      if (admitted === 'refuse' || inFlight >= limit) throw refusal(name, { ...pick(core), limit, nowMs: startedMs })
      inFlight++
      const settle = (outcome: 'success' | 'failure' | 'ignored') => {
        if (epoch === countedEpoch) inFlight--
        const nowMs = world.now()
        core.record({ epoch, probe: admitted === 'probe', outcome, durationMs: nowMs - startedMs }, nowMs)
      }
      try {
        const result = await fn()
        settle('success')
        return result
      } catch (thrown) {
        settle(outcomeOf(thrown, name, world.wallNow()))
        throw thrown
      }
    },
  }
}

/** Alone there is no declared dependency to tell what an unknown error is about: here everything is about the one guarded. */
function outcomeOf(thrown: unknown, name: string, nowMs: number): 'failure' | 'ignored' {
  const { type } = judge(thrown, { nowMs, dependency: name }).classification
  return type === 'unknown' ? 'failure' : countsForBreaker(type)
}

interface Refusal {
  readonly phase: BreakerPhase
  readonly openUntilMs: number
  readonly why: string
  readonly limit: number
  readonly nowMs: number
}

function pick({ phase, openUntilMs, why }: Pick<Refusal, 'phase' | 'openUntilMs' | 'why'>) {
  return { phase, openUntilMs, why }
}

function refusal(name: string, { phase, openUntilMs, why, limit, nowMs }: Refusal): RedriveError {
  if (phase === 'closed') {
    const calls = limit === 1 ? 'one call' : `${limit} calls`
    return new RedriveError('RD-1801', {
      what: `breaker '${name}' has just closed and lets ${calls} through at once`,
      why,
    })
  }
  if (phase === 'half-open') {
    return new RedriveError('RD-1801', { what: `breaker '${name}' is half-open and its probes are under way`, why })
  }
  const waitMs = Math.max(0, Math.ceil(openUntilMs - nowMs))
  const what = `breaker '${name}' is open, next probe in ${formatDuration(waitMs)}`
  return Object.assign(new RedriveError('RD-1801', { what, why }), { retryAfterMs: waitMs })
}
