import type { Classification } from '../model/classification.ts'
import type { LetterRecord, PayloadVersion } from '../model/letter.ts'
import { decodePayload } from '../model/payload-codec.ts'

/** The record of a quarantined item. */
export interface Letter<Payload = unknown> {
  readonly id: string
  readonly batchId: string
  readonly position: number
  readonly key: string
  readonly stage?: string
  /** As read, redacted; null for a row that could not be parsed. */
  readonly payload: Payload | null
  /** Text of a row that could not be parsed. */
  readonly raw?: string
  /** In the source file, from 1, the header counted. */
  readonly line?: number
  readonly classification: Classification
  readonly group: string
  readonly createdAt: Date
}

/** A dead letter as people see it: the newest payload, its redacted copy. */
export function toLetter<Payload>(record: LetterRecord, versions: readonly PayloadVersion[]): Letter<Payload> {
  const { id, batchId, position, key, stage, raw, line, classification, group } = record
  return {
    id,
    batchId,
    position,
    key,
    payload: shownPayload(versions.at(-1)) as Payload | null,
    classification,
    group,
    createdAt: new Date(record.createdAtMs),
    ...(stage !== undefined && { stage }),
    ...(raw !== undefined && { raw }),
    ...(line !== undefined && { line }),
  }
}

/** The redacted copy of a payload; null if there is none. */
export function shownPayload(version: PayloadVersion | undefined): unknown {
  const text = version?.shown ?? version?.body
  return text === undefined || text === null ? null : decodePayload(text)
}
