import { capture } from '../classify/capture.ts'
import { classifyFailure } from '../classify/classify-failure.ts'
import type { Classification } from '../model/classification.ts'
import type { CapturedFailure } from '../model/failure.ts'

/** Any thrown value as a failure, and what it is. `nowMs`: wall clock, for a `Retry-After` that is a date. Never throws. */
export function judge(
  thrown: unknown,
  context: { readonly nowMs: number; readonly dependency?: string },
): { failure: CapturedFailure; classification: Classification } {
  const failure = capture(thrown, { nowMs: context.nowMs })
  const { dependency } = context
  return { failure, classification: classifyFailure(failure, dependency === undefined ? {} : { dependency }) }
}
