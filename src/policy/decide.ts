import type { Decision } from '../model/decision.ts'
import { formatDuration } from '../model/duration.ts'
import type { CapturedFailure } from '../model/failure.ts'
import { askUser } from './ask-user.ts'
import { computeDelay } from './backoff.ts'
import { countsForBreaker } from './counts-for-breaker.ts'
import { decideUncounted, isWithinLimit } from './decide-uncounted.ts'
import { countedInAll, countFailure, excludeMs, type Progress } from './progress.ts'
import type { Applied, ResolvedPolicy } from './resolve-policy.ts'
import { type Decided, retryAfterOf, type Situation } from './situation.ts'

export type { Decided, DependencySituation, Situation } from './situation.ts'

/** Counted failures of a generation that end all retrying, whatever the policy says. */
export const totalCap = 25

/**
 * What to do after a failed attempt: pure and total. Attempts that weren't the item's fault come first; then the policy's
 * verdict; a retry while fewer than `attempts` failures stand under the policy key, within `elapsed` and the cap of 25 in
 * all, never sooner than the server's `Retry-After`; at the end of retrying what the policy says then, unless an outage
 * explains the failures: then the item is held.
 */
export function decide(situation: Situation, policy: ResolvedPolicy, random: () => number): Decided {
  if (situation.uncounted && isWithinLimit(situation.progress, situation.uncounted)) {
    return decideUncounted(situation, situation.uncounted)
  }
  const applied = policy.apply(situation.classification)
  const progress = countFailure(situation.progress, applied.countKey, situation.nowMs)
  if (applied.verdict !== 'retry') {
    return { decision: finalDecision(applied.verdict, verdictWhy(situation, applied)), progress }
  }

  const stand = progress.counted[applied.countKey] ?? 1
  const counted = `attempt ${stand} of ${applied.rule.attempts} under ${applied.countKey}`
  const asked = askPredicate(situation.failure, applied)
  if (asked === false) {
    const why = `${counted}: policy.${applied.given.when}.when says not to retry${endOf(applied)}`
    return { decision: finalDecision(applied.afterwards, why), progress }
  }
  const ended = whyEnded(situation, progress, applied)
  if (ended) return decideEnd(situation, applied, { progress, why: `${counted}: ${ended}` })
  return decideRetry({ situation, progress, applied, counted, remark: asked === true ? '' : asked }, random)
}

function verdictWhy(situation: Situation, applied: Applied): string {
  const { type, disposition } = situation.classification
  return `${applied.from} says ${applied.verdict} (${type}, ${disposition}), attempt ${situation.attempts}`
}

function finalDecision(kind: Applied['afterwards'], why: string): Decision {
  return { kind, why }
}

function endOf(applied: Applied): string {
  return applied.afterwards === 'quarantine' ? '' : `, then ${applied.afterwards}`
}

/** The user's word; a remark if it was none and is set aside. */
function askPredicate(failure: CapturedFailure, { rule, given }: Applied): boolean | string {
  const { when } = rule
  if (!when) return true
  const asked = askUser(
    () => when(failure),
    (answer) => typeof answer === 'boolean',
  )
  return 'answer' in asked ? asked.answer : `; policy.${given.when}.when ${asked.failed} and was set aside`
}

function whyEnded(situation: Situation, progress: Progress, applied: Applied): string | undefined {
  const { attempts, elapsedMs } = applied.rule
  if ((progress.counted[applied.countKey] ?? 1) >= attempts) return 'no attempt left'
  if (countedInAll(progress) >= totalCap) return `${totalCap} failures in all, where every retrying ends`
  const firstMs = progress.firstFailedAtMs ?? situation.nowMs
  const passedMs = situation.nowMs - firstMs - progress.excludedMs
  if (!(passedMs > elapsedMs)) return undefined
  const passed = formatDuration(passedMs)
  return `${passed} since the first failure, above ${formatDuration(elapsedMs)} (policy.${applied.given.elapsedMs ?? applied.countKey}.elapsed)`
}

function decideEnd(situation: Situation, applied: Applied, ended: { progress: Progress; why: string }): Decided {
  const { progress } = ended
  const outage = outageOf(situation)
  if (!outage) return { decision: finalDecision(applied.afterwards, ended.why + endOf(applied)), progress }
  const why = `${ended.why}, but ${outage.why}: held until it answers`
  return { decision: { kind: 'hold', dependency: outage.name, countedUnder: applied.countKey, why }, progress }
}

/** The dependency that is at fault instead of the item, and why; undefined if none is. */
function outageOf({ classification, dependency }: Situation): { name: string; why: string } | undefined {
  if (!dependency || dependency.answeredSince || countsForBreaker(classification.type) === 'ignored') return undefined
  const { name, othersFailed, onlyCaller } = dependency
  const silent = `${name} has answered nobody since this item first failed`
  if (othersFailed >= 2) return { name, why: `${silent} and ${othersFailed} other items failed there too` }
  return onlyCaller ? { name, why: `${silent} and this item is its only caller` } : undefined
}

interface Retry {
  readonly situation: Situation
  readonly progress: Progress
  readonly applied: Applied
  readonly counted: string
  /** What was set aside. */
  readonly remark: string
}

function decideRetry({ situation, progress, applied, counted, remark }: Retry, random: () => number): Decided {
  const { rule, countKey, given } = applied
  const { lastDelayMs } = progress
  const dice = lastDelayMs === undefined ? { random } : { random, previousMs: lastDelayMs }
  const computed = computeDelay(rule, progress.counted[countKey] ?? 1, dice)
  const floorMs = retryAfterOf(situation.failure)
  const delayMs = Math.max(computed.delayMs, floorMs)
  const asAsked = floorMs > computed.delayMs ? ', as Retry-After asks' : ''
  const setAside = computed.setAside ? `; policy.${given.backoff}.backoff ${computed.setAside} and was set aside` : ''
  const heldThen = situation.dependency?.open ? `, held if ${situation.dependency.name} is still open then` : ''
  const why = `${counted}: again in ${formatDuration(delayMs)}${asAsked}${heldThen}${setAside}${remark}`
  return {
    decision: { kind: 'retry', delayMs, countedUnder: countKey, why },
    progress: { ...excludeMs(progress, floorMs), lastDelayMs: computed.delayMs },
  }
}
