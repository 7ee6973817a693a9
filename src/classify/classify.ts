import type { Classification } from '../model/classification.ts'
import type { CapturedFailure } from '../model/failure.ts'
import type { Rule } from '../model/rule.ts'
import { boundText } from './bound.ts'
import { capture } from './capture.ts'
import { classifyFailure } from './classify-failure.ts'
import { fingerprintOf } from './fingerprint.ts'

/** An error as a line of JSON has it; null means absent. */
export interface ErrorRecord {
  readonly name?: string | null
  readonly code?: string | number | null
  readonly status?: number | null
  readonly message?: string | null
  /** System that the error is from: `postgres`, `node`; helps to choose between tables of codes. */
  readonly source?: string | null
}

/** What an error is. Takes any thrown value, never throws. `rules` are asked before the built-in ones. */
export function classify(error: unknown, options: { rules?: readonly Rule[] } = {}): Classification {
  return classifyFailure(capture(error), options.rules ? { rules: options.rules } : {})
}

/** What an error is of which only a record is left, as `redrive classify` reads it. */
export function classifyRecord(record: ErrorRecord, options: { rules?: readonly Rule[] } = {}): Classification {
  const context: { rules?: readonly Rule[]; sourceSystem?: string } = {}
  if (options.rules) context.rules = options.rules
  if (record.source) context.sourceSystem = record.source
  return classifyFailure(failureOfRecord(record), context)
}

/** A record in the form of a captured failure. */
export function failureOfRecord(record: ErrorRecord): CapturedFailure {
  const draft = {
    name: boundText(record.name || 'Error', 128).text,
    message: boundText(record.message ?? '', undefined, { charsLeft: Number.POSITIVE_INFINITY }).text,
    causes: [],
    ...(record.code !== undefined &&
      record.code !== null &&
      record.code !== '' && { code: boundText(String(record.code), 128).text }),
    ...(typeof record.status === 'number' && Number.isFinite(record.status) && { status: record.status }),
  }
  return { ...draft, fingerprint: fingerprintOf(draft) }
}
