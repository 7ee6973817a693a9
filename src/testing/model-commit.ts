import { groupId } from '../model/ids.ts'
import { type ItemState, terminalStates } from '../model/item.ts'
import type { OperationItem } from '../model/operation.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { type BatchAct, type ItemEvent, nextBatchState, nextItemState, type Who } from '../model/transition.ts'
import type { LineageEntry } from '../store/letters.ts'
import type { BatchWrite, CommitGroup, GroupFailures, ItemWrite } from '../store/runs.ts'
import { isKnown } from './model-known.ts'
import { addChange, batchOf, letterAt, type ModelBatch, type ModelItem, type ModelLedger } from './model-ledger.ts'

/** Everything is checked before anything is changed: so it is all or nothing. */
export function commitGroup(ledger: ModelLedger, group: CommitGroup): void {
  const batch = batchOf(ledger, group.batchId)
  if (batch.lease?.epoch !== group.epoch)
    throw new RedriveError('RD-1402', {
      what: `The lease of batch ${group.batchId} is not of epoch ${group.epoch} any more`,
    })
  checkItems(ledger, batch, group)
  if (group.batch) checkBatch(batch, group.batch)

  for (const { position, body } of group.spool ?? []) if (!batch.spool.has(position)) batch.spool.set(position, body)
  for (const write of group.items ?? []) applyItem(ledger, batch, { group, write })
  for (const success of group.successes ?? []) batch.successes.set(success.position, success)
  for (const failures of group.failures ?? []) addFailures(ledger, failures, group.atMs)
  for (const point of group.series ?? []) {
    const id = JSON.stringify([point.bucketMs, point.dependency, point.outcome])
    batch.series.set(id, { ...point, count: point.count + (batch.series.get(id)?.count ?? 0) })
  }
  if (group.batch) applyBatch(ledger, batch, { group, write: group.batch })
  for (const event of group.notices ?? []) addChange(ledger, group.batchId, { atMs: group.atMs, event })
  if (!group.checkpoint) return
  batch.checkpoint = group.checkpoint
  for (const position of batch.spool.keys()) if (position < group.checkpoint.watermark) batch.spool.delete(position)
}

const itemEvents: readonly ItemEvent[] = [
  'start',
  'succeed',
  'skip',
  'wait',
  'hold',
  'quarantine',
  'interrupt',
  'cancel',
  'compensate',
  'compensated',
  'compensation_failed',
]
const batchActs: readonly BatchAct[] = [
  'pause',
  'resume',
  'stop',
  'cancel',
  'roll_back',
  'rolled_back',
  'undo_failed',
  'complete',
  'complete_with_failures',
]
const whos: readonly Who[] = ['runner', 'source', 'recovery', 'operator']

function checkItems(ledger: ModelLedger, batch: ModelBatch, group: CommitGroup): void {
  const states = new Map<number, ItemState>()
  for (const write of group.items ?? []) {
    const now =
      states.get(write.position) ??
      batch.items.get(write.position)?.state ??
      (isKnown(batch, write.position) ? 'succeeded' : undefined)
    const from = now === undefined ? ['pending', 'running'] : [now]
    const may = itemEvents.some((event) => whos.some((who) => nextItemState(write.from, event, who) === write.to))
    if (!from.includes(write.from) || !may)
      throw bug(`item ${write.position} is ${now} and can't go from ${write.from} to ${write.to}`)
    if (write.to === 'quarantined' && !write.letter)
      throw bug(`item ${write.position} is quarantined without a dead letter`)
    if (
      write.letter &&
      ledger.letters.some(
        ({ record }) =>
          record.id === write.letter?.id && !(record.batchId === group.batchId && record.position === write.position),
      )
    ) {
      throw bug(`dead letter ${write.letter.id} is there already`)
    }
    states.set(write.position, write.to)
  }
  for (const { position } of group.successes ?? [])
    if (batch.successes.has(position)) throw bug(`the success of item ${position} is kept already`)
}

function checkBatch(batch: ModelBatch, write: BatchWrite): void {
  const may = batchActs.some((act) => whos.some((who) => nextBatchState(write.from, act, who) === write.to))
  if ((write.from === 'interrupted' ? 'running' : write.from) !== batch.state || !may)
    throw bug(`the batch is ${batch.state} and can't go from ${write.from} to ${write.to}`)
}

function bug(what: string): RedriveError {
  return new RedriveError('RD-1999', { what })
}

interface Writing {
  readonly group: CommitGroup
  readonly write: ItemWrite
}

function applyItem(ledger: ModelLedger, batch: ModelBatch, writing: Writing): void {
  const { group, write } = writing
  const before = batch.items.get(write.position)
  const operation = write.operationId ?? before?.operationId
  const ended = terminalStates.has(write.to)
  batch.items.set(write.position, rowOf(writing, before, ended ? undefined : operation))
  if (write.attempt) batch.attempts.set(write.position, [...(batch.attempts.get(write.position) ?? []), write.attempt])
  if (write.payload && !batch.payloads.has(write.position))
    batch.payloads.set(write.position, [{ ...write.payload, by: 'source', atMs: group.atMs }])
  if (write.to === 'quarantined') quarantine(ledger, batch, { ...writing, operation })
  else if (ended && letterAt(ledger, group.batchId, write.position)) endLetter(ledger, { ...writing, operation })
  else if (before && write.to === 'succeeded') batch.payloads.delete(write.position)
  if (ended && operation !== undefined) endOperationItem(ledger, { ...writing, operation })
  if (write.to === 'running') return
  const { position, key, from, to } = write
  addChange(ledger, group.batchId, { atMs: group.atMs, event: { type: 'item', position, key, from, to } })
}

function rowOf({ group, write }: Writing, before: ModelItem | undefined, operationId: string | undefined): ModelItem {
  const { position, key, to, progress, stage, dueAtMs, dependency, attempt, letter } = write
  const classification = attempt?.classification ?? letter?.classification
  const errorGroup = letter?.group ?? (attempt?.failure && groupId(attempt.failure.fingerprint)) ?? before?.group
  const type = classification?.type ?? before?.type
  const disposition = classification?.disposition ?? before?.disposition
  return {
    position,
    key,
    state: to,
    progress,
    updatedAtMs: group.atMs,
    ...(stage === undefined ? {} : { stage }),
    ...(dueAtMs === undefined ? {} : { dueAtMs }),
    ...(dependency === undefined ? {} : { dependency }),
    ...(operationId === undefined ? {} : { operationId }),
    ...(errorGroup === undefined ? {} : { group: errorGroup }),
    ...(type === undefined ? {} : { type }),
    ...(disposition === undefined ? {} : { disposition }),
  }
}

type Ending = Writing & { readonly operation: string | undefined }

function quarantine(ledger: ModelLedger, batch: ModelBatch, { group, write, operation }: Ending): void {
  const { title, fingerprint, ...letter } = write.letter!
  const { type, disposition, confidence } = letter.classification
  addFailures(ledger, { group: letter.group, fingerprint, title, type, disposition, count: 0 }, group.atMs)
  const existing = letterAt(ledger, group.batchId, write.position)
  const { generation } = write.progress
  const record = {
    ...letter,
    id: existing?.record.id ?? letter.id,
    batchId: group.batchId,
    position: write.position,
    key: write.key,
    state: 'quarantined' as const,
    view: type === 'unknown' || confidence < 0.5 || generation >= 3 ? ('review' as const) : letter.view,
    generation,
    attempts: letter.attempts + (existing?.record.attempts ?? 0),
    payloadVersion: batch.payloads.get(write.position)?.at(-1)?.version ?? 0,
    createdAtMs: existing?.record.createdAtMs ?? group.atMs,
    updatedAtMs: group.atMs,
    ...(write.stage === undefined ? {} : { stage: write.stage }),
    ...(write.dependency === undefined ? {} : { dependency: write.dependency }),
  }
  const detail = write.attempt?.decision.why ?? letter.classification.why
  const entry = { ...entryOf({ group, write, operation }, 'quarantined'), detail }
  if (existing) {
    existing.record = record
    existing.lineage.push(entry)
  } else ledger.letters.push({ record, lineage: [entry] })
}

function endLetter(ledger: ModelLedger, ending: Ending): void {
  const { group, write } = ending
  const letter = letterAt(ledger, group.batchId, write.position)!
  const { operation, ...record } = letter.record
  const healed = write.to === 'succeeded' || write.to === 'skipped'
  letter.record = { ...record, state: healed ? 'resolved' : 'discarded', view: 'failed', updatedAtMs: group.atMs }
  const what = write.to === 'succeeded' || write.to === 'skipped' ? write.to : 'discarded'
  letter.lineage.push({ ...entryOf(ending, what), ...(healed ? {} : { reason: `the item was ${write.to}` }) })
}

function entryOf({ group, write, operation }: Ending, what: LineageEntry['what']): LineageEntry {
  return {
    atMs: group.atMs,
    what,
    generation: write.progress.generation,
    by: 'runner',
    ...(operation === undefined ? {} : { operation }),
  }
}

function endOperationItem(ledger: ModelLedger, { group, write, operation }: Ending): void {
  const found = ledger.operations.find(({ record }) => record.id === operation)
  if (!found) return
  const at = found.items.findIndex(
    (item) => item.batchId === group.batchId && item.position === write.position && item.result === 'pending',
  )
  if (at >= 0) found.items[at] = { ...found.items[at]!, ...resultOf(write) }
  if (found.record.state === 'running' && found.items.every((item) => item.result !== 'pending')) {
    found.record = { ...found.record, state: 'completed', endedAtMs: group.atMs }
  }
}

function resultOf(write: ItemWrite): Pick<OperationItem, 'result' | 'why'> {
  if (write.to === 'succeeded' || write.to === 'skipped' || write.to === 'quarantined') return { result: write.to }
  return { result: 'left_out', why: `the item was ${write.to}` }
}

function addFailures(ledger: ModelLedger, given: GroupFailures, atMs: number): void {
  const { group: id, fingerprint, title, type, disposition, count } = given
  const before = ledger.groups.get(id)
  if (before)
    ledger.groups.set(id, {
      ...before,
      failures: before.failures + count,
      lastSeenAtMs: Math.max(before.lastSeenAtMs, atMs),
    })
  else
    ledger.groups.set(id, {
      id,
      fingerprint,
      title,
      type,
      disposition,
      failures: count,
      firstSeenAtMs: atMs,
      lastSeenAtMs: atMs,
    })
}

function applyBatch(
  ledger: ModelLedger,
  batch: ModelBatch,
  { group, write }: { readonly group: CommitGroup; readonly write: BatchWrite },
): void {
  batch.state = write.to
  if (write.to === 'stopped') batch.stopReason = write.why
  if (write.to === 'running') batch.stopReason = undefined
  if (write.endedAtMs !== undefined) batch.endedAtMs = write.endedAtMs ?? undefined
  const why = write.why === undefined ? {} : { why: write.why }
  addChange(ledger, group.batchId, {
    atMs: group.atMs,
    event: { type: 'batch', from: write.from, to: write.to, ...why },
  })
}
