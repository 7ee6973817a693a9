import type { Classification } from '../../model/classification.ts'
import type { CapturedFailure } from '../../model/failure.ts'
import type { LetterRecord, LetterState, PayloadVersion, View } from '../../model/letter.ts'
import type { QueryNode } from '../../model/query.ts'
import type { LetterStats, Letters, LineageEntry } from '../letters.ts'
import { asksFor, type Condition, compileQuery } from './compile-query.ts'
import type { Connection } from './connection.ts'
import { createGroups } from './group-list.ts'
import { pageAfter, pageLimit, toPage } from './page.ts'
import { letterColumns } from './query-columns.ts'
import { present } from './row.ts'

const tables = 'letters l join letter_details d on d.letter = l.no join batches b on b.no = l.batch'
const selectLetter = `select l.*, coalesce(d.failure, a.failure) as failure, coalesce(d.classification, a.classification) as classification,
  d.instructions, d.user_message, d.raw, b.id as batch_id from ${tables} left join attempts a on a.no = d.attempt`

export function createLetters(connection: Connection): Letters {
  return {
    ...createGroups(connection),
    get: (id) => connection.read(() => toLetter(connection.statement(`${selectLetter} where l.id = ?`).get(id))),
    at: (batchId, position) =>
      connection.read(() =>
        toLetter(connection.statement(`${selectLetter} where b.id = ? and l.position = ?`).get(batchId, position)),
      ),
    list: (query, page) =>
      connection.read(() => {
        const limit = pageLimit(page)
        const where = whereLetters(query, page.nowMs)
        const sql = `${selectLetter} where l.no < ? and ${where.sql} order by l.no desc limit ?`
        const rows = connection.passing(sql).all(pageAfter(page, Number.MAX_SAFE_INTEGER), ...where.params, limit + 1)
        return toPage(rows, limit, { answer: (row) => toLetter(row)!, cursor: (row) => String(row['no']) })
      }),
    count: (query, asked) =>
      connection.read(() => {
        const where = whereLetters(query, asked?.nowMs)
        return Number(
          connection.passing(`select count(*) as count from ${tables} where ${where.sql}`).get(...where.params)![
            'count'
          ],
        )
      }),
    versions: (id) =>
      connection.read(() => {
        const sql =
          'select p.* from payloads p join letters l on l.batch = p.batch and l.position = p.position where l.id = ? order by p.version'
        return (connection.statement(sql).all(id) as unknown as VersionRow[]).map(toVersion)
      }),
    lineage: (id) =>
      connection.read(() => {
        const sql = 'select e.* from lineage e join letters l on l.no = e.letter where l.id = ? order by e.no'
        return (connection.statement(sql).all(id) as unknown as LineageRow[]).map(toLineage)
      }),
    stats: (query, asked) => connection.read(() => stats(connection, whereLetters(query, asked?.nowMs))),
  }
}

/** Letters that are resolved are only shown to who asks for them. */
export function whereLetters(query: QueryNode | undefined, nowMs: number | undefined): Condition {
  const where = compileQuery(query, letterColumns, nowMs)
  return asksFor(query, 'state') ? where : { sql: `l.state <> 'resolved' and ${where.sql}`, params: where.params }
}

function stats(connection: Connection, where: Condition): LetterStats {
  const sql = `select l.state, l.type, l.disposition, l.view, l.job, count(*) as count, min(l.created_at_ms) as oldest
    from ${tables} where ${where.sql} group by l.state, l.type, l.disposition, l.view, l.job`
  const rows = connection.passing(sql).all(...where.params) as unknown as StatsRow[]
  const sumBy = (column: 'state' | 'type' | 'disposition' | 'view' | 'job') => {
    const sums = new Map<string, number>()
    for (const row of rows) sums.set(row[column], (sums.get(row[column]) ?? 0) + row.count)
    return Object.fromEntries(sums)
  }
  const answer = {
    total: rows.reduce((sum, row) => sum + row.count, 0),
    byState: sumBy('state'),
    byType: sumBy('type'),
    byDisposition: sumBy('disposition'),
    byView: sumBy('view'),
    byJob: sumBy('job'),
  }
  return rows.length === 0 ? answer : { ...answer, oldestAtMs: Math.min(...rows.map((row) => row.oldest)) }
}

interface StatsRow {
  state: string
  type: string
  disposition: string
  view: string
  job: string
  count: number
  oldest: number
}

interface LetterRow {
  id: string
  batch_id: string
  job: string
  position: number
  key: string
  stage: string | null
  dependency: string | null
  state: LetterState
  view: View
  generation: number
  attempts: number
  failure: string
  classification: string
  group_id: string
  instructions: string
  user_message: string
  raw: string | null
  line: number | null
  byte: number | null
  ineligible: string | null
  stopped: number
  operation: string | null
  payload_version: number
  code_version: string | null
  created_at_ms: number
  updated_at_ms: number
}

function toLetter(found: object | undefined): LetterRecord | undefined {
  if (!found) return undefined
  const row = found as LetterRow
  return present<LetterRecord>({
    id: row.id,
    batchId: row.batch_id,
    job: row.job,
    position: row.position,
    key: row.key,
    stage: row.stage,
    dependency: row.dependency,
    state: row.state,
    view: row.view,
    generation: row.generation,
    attempts: row.attempts,
    failure: JSON.parse(row.failure) as CapturedFailure,
    classification: JSON.parse(row.classification) as Classification,
    group: row.group_id,
    instructions: row.instructions,
    userMessage: row.user_message,
    raw: row.raw,
    line: row.line,
    byte: row.byte,
    ineligible: row.ineligible,
    stopped: row.stopped === 1 ? true : undefined,
    operation: row.operation,
    payloadVersion: row.payload_version,
    codeVersion: row.code_version,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  })
}

interface VersionRow {
  version: number
  body: string | null
  shown: string | null
  raw: string | null
  by_whom: string
  at_ms: number
  reason: string | null
}

export function toVersion(row: VersionRow): PayloadVersion {
  const rest = {
    version: row.version,
    shown: row.shown,
    raw: row.raw,
    by: row.by_whom,
    atMs: row.at_ms,
    reason: row.reason,
  }
  return { body: row.body, ...present<Omit<PayloadVersion, 'body'>>(rest) }
}

interface LineageRow {
  at_ms: number
  what: LineageEntry['what']
  generation: number
  by_whom: string
  reason: string | null
  operation: string | null
  detail: string | null
}

function toLineage(row: LineageRow): LineageEntry {
  return present<LineageEntry>({
    atMs: row.at_ms,
    what: row.what,
    generation: row.generation,
    by: row.by_whom,
    reason: row.reason,
    operation: row.operation,
    detail: row.detail,
  })
}
