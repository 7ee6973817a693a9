import type { AttemptRecord } from '../model/attempt.ts'
import type { KeptBatchState } from '../model/batch.ts'
import type { BatchEvent, Change } from '../model/event.ts'
import type { ItemState } from '../model/item.ts'
import type { LetterRecord, PayloadVersion } from '../model/letter.ts'
import type { OperationItem, OperationRecord } from '../model/operation.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Cell } from '../store/cells.ts'
import type { ErrorGroup, LineageEntry } from '../store/letters.ts'
import type { Checkpoint, KeptSuccess, Lease, NewBatch, OpenItem, Signal } from '../store/runs.ts'
import type { SeriesPoint } from '../store/series.ts'

/** All that is durable in a model store: plain objects, to be looked at by tests. Several stores may share one, as processes share a file. */
export interface ModelLedger {
  readonly batches: ModelBatch[]
  /** In the order they were made. */
  readonly letters: ModelLetter[]
  readonly groups: Map<string, Omit<ErrorGroup, 'letters'>>
  readonly operations: ModelOperation[]
  readonly cells: Map<string, Cell>
  readonly changes: Change[]
}

/** A batch of the model. */
export interface ModelBatch {
  readonly given: NewBatch
  state: KeptBatchState
  endedAtMs: number | undefined
  stopReason: string | undefined
  checkpoint: Checkpoint
  epoch: number
  lease: Lease | undefined
  onCompleteTaken: boolean
  readonly items: Map<number, ModelItem>
  readonly successes: Map<number, KeptSuccess>
  readonly attempts: Map<number, AttemptRecord[]>
  readonly payloads: Map<number, PayloadVersion[]>
  readonly spool: Map<number, string>
  readonly series: Map<string, SeriesPoint>
  signals: Signal[]
}

/** An item row of the model. */
export interface ModelItem extends Omit<OpenItem, 'state'> {
  readonly state: ItemState
  readonly group?: string
  readonly type?: string
  readonly disposition?: string
}

/** A dead letter of the model, with what happened to it. */
export interface ModelLetter {
  record: LetterRecord
  readonly lineage: LineageEntry[]
}

/** An operation of the model, with its members. */
export interface ModelOperation {
  record: OperationRecord
  readonly items: OperationItem[]
}

/** An empty ledger. */
export function createModelLedger(): ModelLedger {
  return { batches: [], letters: [], groups: new Map(), operations: [], cells: new Map(), changes: [] }
}

/** RD-1501 if there is none of this id. */
export function batchOf(ledger: ModelLedger, batchId: string): ModelBatch {
  const found = ledger.batches.find((batch) => batch.given.id === batchId)
  if (!found) throw new RedriveError('RD-1501', { what: `The ledger memory: has no batch ${batchId}` })
  return found
}

export function letterAt(ledger: ModelLedger, batchId: string, position: number): ModelLetter | undefined {
  return ledger.letters.find(({ record }) => record.batchId === batchId && record.position === position)
}

/** Adds to the feed. */
export function addChange(
  ledger: ModelLedger,
  batchId: string,
  change: { readonly atMs: number; readonly event: BatchEvent },
): void {
  ledger.changes.push({ seq: (ledger.changes.at(-1)?.seq ?? 0) + 1, batchId, ...change })
}
