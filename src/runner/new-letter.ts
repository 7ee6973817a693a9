import { titleOf } from '../classify/fingerprint.ts'
import { instructionsFor } from '../classify/instructions.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { Clock } from '../model/clock.ts'
import { groupId, newId } from '../model/ids.ts'
import type { GroupFailures, NewLetter } from '../store/runs.ts'
import type { Found } from './judge.ts'

/** The error group of a failure. */
export function groupOf({ failure }: Found): { readonly id: string; readonly title: string } {
  return { id: groupId(failure.fingerprint), title: titleOf(failure) }
}

/** One more failure of its group. */
export function oneFailure(found: Found): GroupFailures {
  const { type, disposition } = found.classification
  const { id, title } = groupOf(found)
  return { group: id, fingerprint: found.failure.fingerprint, title, type, disposition, count: 1 }
}

export interface LetterWorld {
  readonly job: CheckedJob
  readonly clock: Clock
  readonly random: () => number
}

/** Below this confidence a person should look: the letter is in review. */
const UNSURE = 0.5

export function newLetter(
  { job, clock, random }: LetterWorld,
  found: Found,
  more: { readonly attempts: number; readonly ineligible?: string; readonly stopped?: true },
): NewLetter {
  const { failure, classification } = found
  const { id, title } = groupOf(found)
  const letterId = newId('d', clock.wallMs(), random)
  const advice = instructionsFor(classification, failure)
  return {
    id: letterId,
    job: job.name,
    view: classification.type === 'unknown' || classification.confidence < UNSURE ? 'review' : 'failed',
    failure,
    classification,
    group: id,
    title,
    fingerprint: failure.fingerprint,
    instructions: advice.instructions.replaceAll(/\bID\b/g, letterId),
    userMessage: advice.userMessage,
    ...more,
    ...(job.codeVersion !== undefined && { codeVersion: job.codeVersion }),
  }
}
