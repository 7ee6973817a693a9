import type { LetterRecord } from '../model/letter.ts'
import type { LineageEntry } from '../store/letters.ts'
import { type ErrorJson, errorJson } from './failure-json.ts'
import { isoTime } from './moments.ts'

/** A dead letter as `quarantine list --json` prints it: that of `show` without payload, attempts and causes. */
export interface LetterJson {
  readonly id: string
  readonly batchId: string
  readonly job: string
  readonly position: number
  readonly key: string
  readonly stage?: string
  readonly dependency?: string
  readonly state: string
  readonly generation: number
  readonly attemptCount: number
  readonly payloadVersion: number
  readonly raw?: string
  readonly line?: number
  readonly byte?: number
  readonly error: ErrorJson
  readonly classification: object
  readonly group: string
  readonly instructions: string
  readonly userMessage: string
  readonly view: string
  readonly ineligible?: string
  readonly stopped?: boolean
  readonly operation?: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly lineage: readonly object[]
}

/** Names of its fields, in order. */
export const letterFields = [
  'id',
  'batchId',
  'job',
  'position',
  'key',
  'stage',
  'dependency',
  'state',
  'generation',
  'attemptCount',
  'payloadVersion',
  'raw',
  'line',
  'byte',
  'error',
  'classification',
  'group',
  'instructions',
  'userMessage',
  'view',
  'ineligible',
  'stopped',
  'operation',
  'createdAt',
  'updatedAt',
  'lineage',
] as const satisfies readonly (keyof LetterJson)[]

export function letterJson(letter: LetterRecord, lineage: readonly LineageEntry[]): LetterJson {
  const { id, batchId, job, position, key, stage, dependency, state, generation, payloadVersion, raw, line, byte } =
    letter
  const { disposition, type, severity, code, confidence, recommended, by, why } = letter.classification
  const { group, instructions, userMessage, view, ineligible, stopped, operation } = letter
  return {
    id,
    batchId,
    job,
    position,
    key,
    ...(stage ? { stage } : {}),
    ...(dependency === undefined ? {} : { dependency }),
    state,
    generation,
    attemptCount: letter.attempts,
    payloadVersion,
    ...(raw === undefined ? {} : { raw }),
    ...(line === undefined ? {} : { line }),
    ...(byte === undefined ? {} : { byte }),
    error: errorJson(letter.failure),
    classification: {
      disposition,
      type,
      severity,
      ...(code === undefined ? {} : { code }),
      confidence,
      recommended,
      by,
      why,
    },
    group,
    instructions,
    userMessage,
    view,
    ...(ineligible === undefined ? {} : { ineligible }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(operation === undefined ? {} : { operation }),
    createdAt: isoTime(letter.createdAtMs),
    updatedAt: isoTime(letter.updatedAtMs),
    lineage: lineage.map(lineageJson),
  }
}

function lineageJson({ atMs, what, generation, by, reason, operation, detail }: LineageEntry): object {
  return {
    at: isoTime(atMs),
    what,
    generation,
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(operation === undefined ? {} : { operation }),
    ...(detail === undefined ? {} : { detail }),
  }
}
