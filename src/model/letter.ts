import type { Classification } from './classification.ts'
import type { CapturedFailure } from './failure.ts'

/** Where a dead letter is shown. */
export const views = ['failed', 'scheduled', 'review'] as const
/** Where a dead letter is shown. */
export type View = (typeof views)[number]

/** Where a dead letter stands: open in quarantine, under a redrive, left behind by a success, or given up. */
export const letterStates = ['quarantined', 'redriving', 'resolved', 'discarded'] as const
/** Where a dead letter stands. */
export type LetterState = (typeof letterStates)[number]

/** The durable record of a quarantined item, without its payload and attempts. One per item; a later generation updates it. */
export interface LetterRecord {
  /** `d_…` */
  readonly id: string
  readonly batchId: string
  readonly job: string
  readonly position: number
  /** Empty if the row could not be read or its key is unknown. */
  readonly key: string
  readonly stage?: string
  readonly dependency?: string
  readonly state: LetterState
  readonly view: View
  readonly generation: number
  /** Handler runs in all generations. */
  readonly attempts: number
  readonly failure: CapturedFailure
  readonly classification: Classification
  /** Error group, `E-…`. */
  readonly group: string
  readonly instructions: string
  readonly userMessage: string
  /** Text of a row that could not be read. */
  readonly raw?: string
  readonly line?: number
  readonly byte?: number
  /** Why it can't be redriven as it is (the payload doesn't fit JSON, the file is gone); absent when it can. */
  readonly ineligible?: string
  /** It stopped its batch. */
  readonly stopped?: boolean
  /** Unfinished operation it belongs to, `o_…`. */
  readonly operation?: string
  /** The newest version of the payload, from 1; 0 if there is none. */
  readonly payloadVersion: number
  readonly codeVersion?: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** One version of an item's payload. `shown` is the redacted copy for people. */
export interface PayloadVersion {
  /** From 1: as read. */
  readonly version: number
  /** Payload-codec text; secret fields sealed; null when only `raw` is there. */
  readonly body: string | null
  /** Payload-codec text, redacted; absent when `body` needs no mask. */
  readonly shown?: string
  /** Repaired text of a row that could not be read. */
  readonly raw?: string
  readonly by: string
  readonly atMs: number
  readonly reason?: string
}
