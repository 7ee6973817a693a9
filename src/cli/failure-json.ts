import type { AttemptRecord } from '../model/attempt.ts'
import type { Failure } from '../model/failure.ts'
import { isoTime } from './moments.ts'

/** An error as JSON, without its causes. */
export interface ErrorJson {
  readonly name: string
  readonly code?: string
  readonly status?: number
  readonly message: string
}

export function errorJson({ name, code, status, message }: Failure): ErrorJson {
  return { name, ...(code === undefined ? {} : { code }), ...(status === undefined ? {} : { status }), message }
}

/** Code, or name, and message on one line. */
export function errorLine({ name, code, message }: Pick<Failure, 'name' | 'code' | 'message'>): string {
  return `${code ? `${name} (${code})` : name}: ${message}`
}

/** An attempt as JSON; `error` is null when it did not fail. */
export function attemptJson(attempt: AttemptRecord): object {
  const { n, generation, stage, durationMs, outcome, uncounted, failure, decision, logs } = attempt
  return {
    n,
    generation,
    ...(stage ? { stage } : {}),
    startedAt: isoTime(attempt.startedAtMs),
    durationMs,
    outcome,
    ...(uncounted === undefined ? {} : { uncounted }),
    error: failure ? errorJson(failure) : null,
    decision: {
      kind: decision.kind,
      why: decision.why,
      ...('delayMs' in decision ? { delayMs: decision.delayMs } : {}),
    },
    ...(logs && logs.length > 0 ? { logs } : {}),
  }
}

/** The same as lines for people. */
export function attemptLines(attempts: readonly AttemptRecord[]): string[] {
  return attempts.map((attempt) => {
    const { n, generation, outcome, uncounted, failure, decision } = attempt
    const error = failure ? ` ${errorLine(failure)}` : ''
    return `${generation}.${n}  ${isoTime(attempt.startedAtMs)}  ${Math.round(attempt.durationMs)} ms  ${outcome}${uncounted ? ` (not counted: ${uncounted})` : ''}${error}  → ${decision.kind}: ${decision.why}`
  })
}
