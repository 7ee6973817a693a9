import type { QueryNode } from '../model/query.ts'
import type { Page, Paged } from '../store/page.ts'
import type { ItemLine } from '../store/runs.ts'
import { type Matched, matchQuery } from './match-query.ts'
import { endOf, isKnown } from './model-known.ts'
import { letterAt, type ModelBatch, type ModelItem, type ModelLedger } from './model-ledger.ts'
import { letterText, shownPayload } from './model-letters.ts'
import { paged } from './model-page.ts'

/** Rows, kept successes, and ranges of plain successes: one position after the other. */
export function listItems(
  ledger: ModelLedger,
  batch: ModelBatch,
  asked: { readonly query: QueryNode | undefined; readonly page: Page },
): Paged<ItemLine> {
  const matches = (matched: Matched) => matchQuery(asked.query, matched, asked.page.nowMs)
  const wantsPlain = matches({ of: 'items', fields: plainFields(batch) })
  const lines: ItemLine[] = []
  let from: number | undefined
  const end = endOf(batch)
  for (let position = 0; position <= end; position++) {
    const placed = batch.items.has(position) || batch.successes.has(position)
    const plain = position < end && !placed && isKnown(batch, position)
    if (plain) from ??= position
    else if (from !== undefined) {
      if (wantsPlain) lines.push({ positions: [from, position - 1], state: 'succeeded' })
      from = undefined
    }
    const line = lineAt(ledger, batch, position)
    if (line && matches(line.matched)) lines.push(line.line)
  }
  return paged(lines, asked.page, (line) => String('positions' in line ? line.positions[1] : line.position))
}

function lineAt(
  ledger: ModelLedger,
  batch: ModelBatch,
  position: number,
): { readonly line: ItemLine; readonly matched: Matched } | undefined {
  const item = batch.items.get(position)
  const success = batch.successes.get(position)
  const result = success?.result === undefined ? {} : { result: success.result }
  if (item) return { line: rowLine(ledger, batch, { item, result }), matched: itemFields(ledger, batch, item) }
  if (!success) return undefined
  const { key, attempts, atMs } = success
  const progress = { generation: 1, attempts, counted: {}, excludedMs: 0 }
  const line = { position, key, state: 'succeeded' as const, progress, ...result, updatedAtMs: atMs }
  const fields = { ...plainFields(batch), key: [key], attempts: [attempts], id: [`${batch.given.id}:${position}`] }
  return { line, matched: { of: 'items', fields, atMs, text: key } }
}

function rowLine(
  ledger: ModelLedger,
  batch: ModelBatch,
  row: { readonly item: ModelItem; readonly result: { readonly result?: string } },
): ItemLine {
  const { operationId, ...item } = row.item
  const letter = letterAt(ledger, batch.given.id, item.position)
  return { ...item, ...row.result, ...(letter ? { letterId: letter.record.id } : {}) }
}

function itemFields(ledger: ModelLedger, batch: ModelBatch, item: ModelItem): Matched {
  const letter = letterAt(ledger, batch.given.id, item.position)?.record
  return {
    of: 'items',
    fields: {
      ...plainFields(batch),
      state: [item.state],
      type: [item.type],
      disposition: [item.disposition],
      severity: [letter?.classification.severity],
      code: [letter?.failure.code ?? letter?.classification.code],
      group: [item.group],
      stage: [item.stage],
      dependency: [item.dependency],
      key: [item.key],
      view: [letter?.view],
      attempts: [item.progress.attempts],
      generation: [item.progress.generation],
      id: [letter?.id, `${batch.given.id}:${item.position}`],
    },
    atMs: item.updatedAtMs,
    text: letter ? letterText(batch, letter) : item.key,
    payload: shownPayload(batch, item.position),
  }
}

function plainFields(batch: ModelBatch): Matched['fields'] {
  const none = [undefined]
  return {
    state: ['succeeded'],
    batch: [batch.given.id],
    job: [batch.given.job],
    attempts: [1],
    generation: [1],
    type: none,
    disposition: none,
    severity: none,
    code: none,
    group: none,
    stage: none,
    dependency: none,
    key: none,
    view: none,
    assignee: none,
    id: none,
  }
}
