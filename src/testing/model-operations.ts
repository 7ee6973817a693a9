import type { PayloadVersion } from '../model/letter.ts'
import type { OperationItem, OperationRecord } from '../model/operation.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { type ItemEvent, nextItemState } from '../model/transition.ts'
import type { LineageEntry } from '../store/letters.ts'
import type { Begun, Edit, Operations } from '../store/operations.ts'
import { addChange, batchOf, type ModelLedger, type ModelLetter, type ModelOperation } from './model-ledger.ts'
import { paged } from './model-page.ts'

export function createModelOperations(ledger: ModelLedger): Operations {
  const find = (id: string) => ledger.operations.find(({ record }) => record.id === id)
  return {
    beginRetry: async (operation, letterIds) => {
      const begun = act(ledger, { operation, letterIds, event: 'redrive', what: 'redriven', result: 'pending' })
      if (begun.taken.length === 0) complete(find(operation.id)!)
      return begun
    },
    discard: async (operation, letterIds) => {
      const begun = act(ledger, { operation, letterIds, event: 'discard', what: 'discarded', result: 'discarded' })
      complete(find(operation.id)!)
      return begun
    },
    undiscard: async (operation, letterIds) => {
      const begun = act(ledger, {
        operation,
        letterIds,
        event: 'undo_discard',
        what: 'undiscarded',
        result: 'quarantined',
      })
      complete(find(operation.id)!)
      return begun
    },
    edit: async (operation, letterId, edit) => applyEdit(ledger, operation, { letterId, edit }),
    get: async (id) => find(id)?.record,
    list: async (page) => paged(ledger.operations.map(({ record }) => record).reverse(), page, (row) => row.id),
    items: async (id, page) => paged(find(id)?.items ?? [], page, (row) => row.letterId),
    progress: async (id) => {
      const counts = { pending: 0, succeeded: 0, skipped: 0, quarantined: 0, discarded: 0, edited: 0, left_out: 0 }
      for (const item of find(id)?.items ?? []) counts[item.result]++
      return counts
    },
  }
}

interface Act {
  readonly operation: OperationRecord
  readonly letterIds: readonly string[]
  readonly event: Extract<ItemEvent, 'redrive' | 'discard' | 'undo_discard'>
  readonly what: LineageEntry['what']
  readonly result: OperationItem['result']
}

function act(ledger: ModelLedger, given: Act): Begun {
  const operation = addOperation(ledger, given.operation)
  const taken: Begun['taken'][number][] = []
  const leftOut: Begun['leftOut'][number][] = []
  for (const letterId of given.letterIds) {
    const letter = ledger.letters.find(({ record }) => record.id === letterId)
    const why = letter ? refusal(ledger, letter, given.event) : 'there is no such dead letter'
    if (letter)
      operation.items.push(
        itemOf(given.operation, letter, why === undefined ? { result: given.result } : { result: 'left_out', why }),
      )
    if (!letter || why !== undefined) {
      leftOut.push({ letterId, why: why ?? '' })
      continue
    }
    apply(ledger, letter, given)
    taken.push({ letterId, batchId: letter.record.batchId, position: letter.record.position })
  }
  return { taken, leftOut }
}

function refusal(ledger: ModelLedger, { record }: ModelLetter, event: Act['event']): string | undefined {
  if (record.operation !== undefined) return `it is in operation ${record.operation}`
  if (event === 'undo_discard') {
    if (record.state !== 'discarded') return `it is ${record.state}, not discarded`
    const { state } = batchOf(ledger, record.batchId).items.get(record.position)!
    return state === 'discarded' ? undefined : `its item is ${state}`
  }
  if (record.state !== 'quarantined') return `it is ${record.state}`
  if (event === 'discard') return undefined
  return record.ineligible ?? (record.payloadVersion === 0 ? 'its payload was not kept' : undefined)
}

function apply(ledger: ModelLedger, letter: ModelLetter, given: Act): void {
  const { operation, event } = given
  const { batchId, position, key } = letter.record
  const { items } = batchOf(ledger, batchId)
  const item = items.get(position)!
  const to = nextItemState(item.state, event, 'operator')!
  const updatedAtMs = operation.createdAtMs
  const { dueAtMs, ...kept } = item
  const generation = letter.record.generation + (event === 'redrive' ? 1 : 0)
  if (event === 'redrive') {
    items.set(position, {
      ...kept,
      state: to,
      progress: { generation, attempts: 0, counted: {}, excludedMs: 0 },
      operationId: operation.id,
      updatedAtMs,
    })
    letter.record = {
      ...letter.record,
      state: 'redriving',
      view: 'scheduled',
      generation,
      operation: operation.id,
      updatedAtMs,
    }
  } else {
    items.set(position, { ...item, state: to, updatedAtMs })
    letter.record = { ...letter.record, state: event === 'discard' ? 'discarded' : 'quarantined', updatedAtMs }
  }
  letter.lineage.push(entryOf(operation, given.what, generation))
  addChange(ledger, batchId, { atMs: updatedAtMs, event: { type: 'item', position, key, from: item.state, to } })
}

function applyEdit(
  ledger: ModelLedger,
  operation: OperationRecord,
  given: { readonly letterId: string; readonly edit: Edit },
): PayloadVersion {
  const { edit, letterId } = given
  const letter = ledger.letters.find(({ record }) => record.id === letterId)
  if (!letter) throw new RedriveError('RD-1601', { what: `The ledger has no dead letter ${letterId}` })
  const { record } = letter
  if (record.state !== 'quarantined' || record.operation !== undefined)
    throw new RedriveError('RD-1602', { what: `Dead letter ${letterId} is ${record.state}` })
  if (edit.expectedVersion !== record.payloadVersion)
    throw new RedriveError('RD-1603', { what: `Dead letter ${letterId} has payload version ${record.payloadVersion}` })
  const { expectedVersion, key = record.key, ...payload } = edit
  const reason = operation.reason === undefined ? {} : { reason: operation.reason }
  const version = {
    ...payload,
    version: record.payloadVersion + 1,
    by: operation.actor,
    atMs: operation.createdAtMs,
    ...reason,
  }
  const batch = batchOf(ledger, record.batchId)
  batch.payloads.set(record.position, [...(batch.payloads.get(record.position) ?? []), version])
  batch.items.set(record.position, { ...batch.items.get(record.position)!, key })
  const { ineligible, ...eligible } = record
  letter.record = { ...eligible, key, payloadVersion: version.version, updatedAtMs: operation.createdAtMs }
  letter.lineage.push({
    ...entryOf(operation, 'edited', record.generation),
    detail: `payload version ${version.version}`,
  })
  const added = addOperation(ledger, operation)
  added.items.push(itemOf(operation, letter, { result: 'edited' }))
  complete(added)
  return version
}

function addOperation(ledger: ModelLedger, record: OperationRecord): ModelOperation {
  if (ledger.operations.some((operation) => operation.record.id === record.id))
    throw new RedriveError('RD-1999', { what: `Operation ${record.id} is there already` })
  const operation = { record: { ...record, state: 'running' as const }, items: [] }
  ledger.operations.push(operation)
  return operation
}

function complete(operation: ModelOperation): void {
  operation.record = { ...operation.record, state: 'completed', endedAtMs: operation.record.createdAtMs }
}

function itemOf(
  operation: OperationRecord,
  { record }: ModelLetter,
  how: Pick<OperationItem, 'result' | 'why'>,
): OperationItem {
  return { operationId: operation.id, letterId: record.id, batchId: record.batchId, position: record.position, ...how }
}

function entryOf(operation: OperationRecord, what: LineageEntry['what'], generation: number): LineageEntry {
  const reason = operation.reason === undefined ? {} : { reason: operation.reason }
  return { atMs: operation.createdAtMs, what, generation, by: operation.actor, operation: operation.id, ...reason }
}
