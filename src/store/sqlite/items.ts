import type { AttemptRecord } from '../../model/attempt.ts'
import type { ItemState } from '../../model/item.ts'
import type { QueryNode } from '../../model/query.ts'
import type { Page, Paged } from '../page.ts'
import type { ItemLine, Runs } from '../runs.ts'
import { batchNumber } from './batches.ts'
import { compileQuery } from './compile-query.ts'
import type { Connection } from './connection.ts'
import { type Ranges, rangesOf, within } from './known.ts'
import { type ItemRow, toProgress } from './open-items.ts'
import { pageAfter, pageLimit } from './page.ts'
import { itemColumns, plainColumns, successColumns } from './query-columns.ts'
import { present } from './row.ts'

export function createItems(connection: Connection): Pick<Runs, 'items' | 'attempts'> {
  return {
    items: (batchId, query, page) =>
      connection.snapshot(() => listItems(connection, { batch: batchNumber(connection, batchId).no, query, page })),
    attempts: (batchId, position) =>
      connection.read(() => {
        const { no } = batchNumber(connection, batchId)
        const rows = connection
          .statement('select * from attempts where batch = ? and position = ? order by no')
          .all(no, position)
        return (rows as unknown as AttemptRow[]).map(toAttempt)
      }),
  }
}

interface Listing {
  readonly batch: number
  readonly query: QueryNode | undefined
  readonly page: Page
}

/** A line in the making: what stands at a position, and whether the query matches it. */
interface Placed {
  readonly position: number
  readonly matches: boolean
  readonly line: ItemLine
}

/** Rows, kept successes and, between them, ranges of plain successes: merged by position. */
function listItems(connection: Connection, listing: Listing): Paged<ItemLine> {
  const limit = pageLimit(listing.page)
  const ranges = plainRanges(connection, listing)
  const lines: ItemLine[] = []
  let from = pageAfter(listing.page, -1) + 1
  for (;;) {
    const { placed, to } = readPlaced(connection, listing, { from, limit: limit + 1, all: ranges.length > 0 })
    for (const one of placed) {
      if (one.position > from) lines.push(...rangeLines(ranges, from, one.position - 1))
      if (one.matches) lines.push(one.line)
      from = one.position + 1
      if (lines.length > limit) return cut(lines, limit)
    }
    if (to === undefined) {
      lines.push(...rangeLines(ranges, from, Number.MAX_SAFE_INTEGER))
      return cut(lines, limit)
    }
    from = to + 1
  }
}

function cut(lines: readonly ItemLine[], limit: number): Paged<ItemLine> {
  if (lines.length <= limit) return { rows: lines }
  const rows = lines.slice(0, limit)
  const last = rows.at(-1)!
  return { rows, next: String('positions' in last ? last.positions[1] : last.position) }
}

function rangeLines(ranges: Ranges, from: number, to: number): readonly ItemLine[] {
  return within(ranges, from, to).map((positions) => ({ positions, state: 'succeeded' as const }))
}

/** Empty when the query wants no plain successes. */
function plainRanges(connection: Connection, { batch, query, page }: Listing): Ranges {
  const where = compileQuery(query, plainColumns, page.nowMs)
  const wanted = connection
    .passing(`select 1 from batches b where b.no = ? and ${where.sql}`)
    .get(batch, ...where.params)
  if (!wanted) return []
  const checkpoint = connection.statement('select watermark, map from checkpoints where batch = ?').get(batch)
  return rangesOf(checkpoint as unknown as { watermark: number; map: Uint8Array })
}

interface Window {
  readonly from: number
  readonly limit: number
  /** Also what the query doesn't match: ranges are split around it. */
  readonly all: boolean
}

/** What stands at positions from `from` on, as far as `to`; `to` is absent when there is no more. */
function readPlaced(
  connection: Connection,
  listing: Listing,
  window: Window,
): { readonly placed: readonly Placed[]; readonly to?: number } {
  const rows = readRows(connection, listing, window)
  const successes = readSuccesses(connection, listing, window)
  const ends = [rows, successes].filter((found) => found.length === window.limit).map((found) => found.at(-1)!.position)
  const placed = [...rows, ...successes].sort((one, other) => one.position - other.position)
  if (ends.length === 0) return { placed }
  // Beyond the nearer end only one of the two was read.
  const to = Math.min(...ends)
  return { placed: placed.filter((one) => one.position <= to), to }
}

function readRows(connection: Connection, { batch, query, page }: Listing, window: Window): readonly Placed[] {
  const where = compileQuery(query, itemColumns, page.nowMs)
  const sql = `select i.*, l.id as letter_id, s.result as result, ${where.sql} as matches from items i
    join batches b on b.no = i.batch
    left join letters l on l.batch = i.batch and l.position = i.position
    left join letter_details d on d.letter = l.no
    left join successes s on s.batch = i.batch and s.position = i.position
    where i.batch = ? and i.position >= ? ${window.all ? '' : 'and matches'} order by i.position limit ?`
  const rows = connection.passing(sql).all(...where.params, batch, window.from, window.limit) as unknown as ListedRow[]
  return rows.map((row) => ({ position: row.position, matches: row.matches === 1, line: toLine(row) }))
}

function readSuccesses(connection: Connection, { batch, query, page }: Listing, window: Window): readonly Placed[] {
  const where = compileQuery(query, successColumns, page.nowMs)
  const sql = `select s.*, ${where.sql} as matches from successes s join batches b on b.no = s.batch
    where s.batch = ? and s.position >= ? and not exists (select 1 from items i where i.batch = s.batch and i.position = s.position)
    ${window.all ? '' : 'and matches'} order by s.position limit ?`
  const rows = connection.passing(sql).all(...where.params, batch, window.from, window.limit) as unknown as SuccessRow[]
  return rows.map((row) => ({
    position: row.position,
    matches: row.matches === 1,
    line: present<ItemRowLine>({
      position: row.position,
      key: row.key,
      state: 'succeeded',
      progress: { generation: 1, attempts: row.attempts, counted: {}, excludedMs: 0 },
      result: row.result,
      updatedAtMs: row.at_ms,
    }),
  }))
}

type ItemRowLine = Extract<ItemLine, { position: number }>

interface ListedRow extends Omit<ItemRow, 'state'> {
  state: ItemState
  letter_id: string | null
  group_id: string | null
  type: string | null
  disposition: string | null
  result: string | null
  matches: number
}

interface SuccessRow {
  position: number
  key: string
  attempts: number
  at_ms: number
  result: string | null
  matches: number
}

function toLine(row: ListedRow): ItemLine {
  return present<ItemRowLine>({
    position: row.position,
    key: row.key,
    state: row.state,
    stage: row.stage,
    progress: toProgress(row),
    group: row.group_id,
    letterId: row.letter_id,
    type: row.type,
    disposition: row.disposition,
    dependency: row.dependency,
    dueAtMs: row.due_at_ms,
    result: row.result,
    updatedAtMs: row.updated_at_ms,
  })
}

interface AttemptRow {
  n: number
  generation: number
  stage: string | null
  started_at_ms: number
  duration_ms: number
  outcome: AttemptRecord['outcome']
  uncounted: AttemptRecord['uncounted'] | null
  failure: string | null
  classification: string | null
  decision: string
  logs: string | null
}

function toAttempt(row: AttemptRow): AttemptRecord {
  const parsed = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text))
  return present<AttemptRecord>({
    n: row.n,
    generation: row.generation,
    stage: row.stage,
    startedAtMs: row.started_at_ms,
    durationMs: row.duration_ms,
    outcome: row.outcome,
    uncounted: row.uncounted,
    failure: parsed(row.failure) as AttemptRecord['failure'],
    classification: parsed(row.classification) as AttemptRecord['classification'],
    decision: parsed(row.decision) as AttemptRecord['decision'],
    logs: parsed(row.logs) as AttemptRecord['logs'],
  })
}
