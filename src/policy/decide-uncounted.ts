import type { Uncounted } from '../model/decision.ts'
import { formatDuration } from '../model/duration.ts'
import { excludeMs, noteUncounted, type Progress } from './progress.ts'
import { type Decided, retryAfterOf, type Situation } from './situation.ts'

/**
 * How often each reason excuses an item in one generation; beyond, its failures count like any other. High enough for an
 * outage of days, since a held item is probed at most once in five seconds, and lower where each time costs a handler run.
 */
export const uncountedLimits: Readonly<Record<Uncounted, number>> = {
  throttled: 10_000,
  breaker_open: 10_000,
  probe: 10_000,
  interrupted: 100,
  deploy: 1_000,
}

/** Whether the reason still excuses the item. */
export function isWithinLimit(progress: Progress, reason: Uncounted): boolean {
  return (progress.uncounted?.[reason] ?? 0) < uncountedLimits[reason]
}

/** What to do after an attempt that wasn't the item's fault: again when it can be, without counting it. */
export function decideUncounted(situation: Situation, reason: Uncounted): Decided {
  const progress = noteUncounted(situation.progress, reason)
  const name = situation.dependency?.name
  if (reason === 'breaker_open' && name !== undefined) {
    return {
      decision: { kind: 'hold', dependency: name, why: `${name} is open: held until it answers, not counted` },
      progress,
    }
  }
  if (reason === 'probe' && name !== undefined) {
    const why = `its probe of ${name} failed: held again, behind the others, not counted`
    return { decision: { kind: 'hold', dependency: name, why }, progress }
  }
  const waitMs = situation.waitMs !== undefined && situation.waitMs > 0 ? Math.ceil(situation.waitMs) : 0
  const delayMs = Math.max(waitMs, retryAfterOf(situation.failure))
  const why = `${reasons[reason]}: again ${delayMs > 0 ? `in ${formatDuration(delayMs)}` : 'at once'}, not counted`
  return { decision: { kind: 'retry', delayMs, why }, progress: excludeMs(progress, delayMs) }
}

const reasons: Readonly<Record<Uncounted, string>> = {
  throttled: 'throttled by a limit of its own job',
  breaker_open: 'its dependency is open',
  probe: 'its probe failed',
  interrupted: 'interrupted',
  deploy: 'stopped by a deploy',
}
