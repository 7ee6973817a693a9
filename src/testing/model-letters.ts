import type { LetterRecord } from '../model/letter.ts'
import type { QueryNode } from '../model/query.ts'
import type { ErrorGroup, Letters } from '../store/letters.ts'
import { type Matched, matchQuery, namesField } from './match-query.ts'
import { batchOf, letterAt, type ModelBatch, type ModelLedger } from './model-ledger.ts'
import { paged } from './model-page.ts'

export function createModelLetters(ledger: ModelLedger): Letters {
  const find = (query: QueryNode | undefined, nowMs: number | undefined) => findLetters(ledger, query, nowMs)
  return {
    get: async (id) => ledger.letters.find(({ record }) => record.id === id)?.record,
    at: async (batchId, position) => letterAt(ledger, batchId, position)?.record,
    list: async (query, page) => paged([...find(query, page.nowMs)].reverse(), page, (row) => row.id),
    count: async (query, asked) => find(query, asked?.nowMs).length,
    versions: async (id) => {
      const letter = ledger.letters.find(({ record }) => record.id === id)?.record
      return letter ? [...(batchOf(ledger, letter.batchId).payloads.get(letter.position) ?? [])] : []
    },
    lineage: async (id) => [...(ledger.letters.find(({ record }) => record.id === id)?.lineage ?? [])],
    stats: async (query, asked) => {
      const found = find(query, asked?.nowMs)
      const oldest = found.length === 0 ? {} : { oldestAtMs: Math.min(...found.map((letter) => letter.createdAtMs)) }
      return {
        total: found.length,
        byState: countBy(found, (letter) => letter.state),
        byType: countBy(found, (letter) => letter.classification.type),
        byDisposition: countBy(found, (letter) => letter.classification.disposition),
        byView: countBy(found, (letter) => letter.view),
        byJob: countBy(found, (letter) => letter.job),
        ...oldest,
      }
    },
    groups: async (query, page) => paged(groupsOf(ledger, query, page.nowMs), page, (row) => row.id),
    group: async (id) => groupsOf(ledger, undefined, undefined).find((group) => group.id === id),
  }
}

/** The newest payload as people may see it. */
export function shownPayload(batch: ModelBatch, position: number): string | undefined {
  const newest = batch.payloads.get(position)?.at(-1)
  return newest?.shown ?? newest?.body ?? undefined
}

/** What free text is looked for in. */
export function letterText(batch: ModelBatch, letter: LetterRecord): string {
  const failures = [letter.failure, ...letter.failure.causes].flatMap((failure) => [
    failure.name,
    failure.code,
    failure.message,
  ])
  const raw = batch.payloads.get(letter.position)?.at(-1)?.raw ?? letter.raw
  return [letter.key, letter.userMessage, raw, shownPayload(batch, letter.position), ...failures]
    .filter((part) => part !== undefined)
    .join('\n')
}

function findLetters(
  ledger: ModelLedger,
  query: QueryNode | undefined,
  nowMs: number | undefined,
): readonly LetterRecord[] {
  const all = ledger.letters
    .map(({ record }) => record)
    .filter((letter) => matchQuery(query, matchedOf(ledger, letter), nowMs))
  return namesField(query, 'state') ? all : all.filter((letter) => letter.state !== 'resolved')
}

function matchedOf(ledger: ModelLedger, letter: LetterRecord): Matched {
  const batch = batchOf(ledger, letter.batchId)
  return {
    of: 'dead letters',
    fields: {
      state: [letter.state],
      type: [letter.classification.type],
      disposition: [letter.classification.disposition],
      severity: [letter.classification.severity],
      code: [letter.failure.code ?? letter.classification.code],
      group: [letter.group],
      batch: [letter.batchId],
      job: [letter.job],
      stage: [letter.stage],
      dependency: [letter.dependency],
      key: [letter.key],
      view: [letter.view],
      assignee: [undefined],
      attempts: [letter.attempts],
      generation: [letter.generation],
      id: [letter.id, `${letter.batchId}:${letter.position}`],
    },
    atMs: letter.createdAtMs,
    text: letterText(batch, letter),
    payload: shownPayload(batch, letter.position),
  }
}

function groupsOf(ledger: ModelLedger, query: QueryNode | undefined, nowMs: number | undefined): readonly ErrorGroup[] {
  const found = findLetters(ledger, query, nowMs).filter(
    (letter) => namesField(query, 'state') || letter.state === 'quarantined',
  )
  const counts = countBy(found, (letter) => letter.group)
  return [...ledger.groups.values()]
    .map((group) => ({ ...group, letters: counts[group.id] ?? 0 }))
    .filter((group) => query === undefined || group.letters > 0)
    .sort((one, other) => other.letters - one.letters || other.failures - one.failures || (one.id < other.id ? -1 : 1))
}

function countBy(
  letters: readonly LetterRecord[],
  by: (letter: LetterRecord) => string,
): { readonly [name: string]: number } {
  const counts = new Map<string, number>()
  for (const letter of letters) counts.set(by(letter), (counts.get(by(letter)) ?? 0) + 1)
  return Object.fromEntries(counts)
}
