import type { KeptPayload, OpenItem, Progress, Runs } from '../runs.ts'
import { batchNumber } from './batches.ts'
import type { Connection } from './connection.ts'
import { pageAfter, pageLimit, toPage } from './page.ts'
import { present } from './row.ts'

/** What a runner takes up again. */
export function createOpenItems(connection: Connection): Pick<Runs, 'open' | 'payloads' | 'spooled' | 'positionOfKey'> {
  return {
    open: (batchId, page) =>
      connection.snapshot(() => {
        const { no } = batchNumber(connection, batchId)
        const limit = pageLimit(page)
        const members =
          page.operationId === undefined ? (page.operations ? 'true' : 'operation is null') : 'operation = :operation'
        const sql = `select * from (${openStates.map((state) => openRows(state, members)).join(' union all ')}) order by position limit :limit`
        const operation = page.operationId === undefined ? {} : { operation: page.operationId }
        const rows = connection.statement(sql).all({ no, after: pageAfter(page, -1), limit: limit + 1, ...operation })
        return toPage(rows as unknown as ItemRow[], limit, {
          answer: toOpenItem,
          cursor: (row) => String(row.position),
        })
      }),
    payloads: (batchId, positions) => connection.snapshot(() => newestPayloads(connection, batchId, positions)),
    spooled: (batchId, page) =>
      connection.snapshot(() => {
        const { no } = batchNumber(connection, batchId)
        const limit = pageLimit(page)
        const sql = `select position, body from spool where batch = :no and position > :after
          and position >= (select watermark from checkpoints where batch = :no) order by position limit :limit`
        const rows = connection.statement(sql).all({ no, after: pageAfter(page, -1), limit: limit + 1 }) as unknown as {
          position: number
          body: string
        }[]
        return toPage(rows, limit, {
          answer: ({ position, body }) => ({ position, body }),
          cursor: (row) => String(row.position),
        })
      }),
    positionOfKey: (batchId, key) =>
      connection.snapshot(() => {
        const { no } = batchNumber(connection, batchId)
        const sql = `select min(position) as position from (select min(position) as position from items where batch = ?1 and key = ?2
          union all select min(position) from successes where batch = ?1 and key = ?2)`
        return (connection.statement(sql).get(no, key) as { position: number | null }).position ?? undefined
      }),
  }
}

const openStates = ['pending', 'running', 'waiting', 'held'] as const

/** One state's page by the index on state: the planner would rather walk the batch, past a million dead letters if need be. */
function openRows(state: (typeof openStates)[number], members: string): string {
  return `select * from (select * from items indexed by items_by_state where batch = :no and state = '${state}' and position > :after and ${members} order by position limit :limit)`
}

const positionsMax = 1_000

function newestPayloads(
  connection: Connection,
  batchId: string,
  positions: readonly number[],
): ReadonlyMap<number, KeptPayload> {
  const { no } = batchNumber(connection, batchId)
  const newest = connection.statement(
    'select version, body, shown, raw from payloads where batch = ? and position = ? order by version desc limit 1',
  )
  const found = new Map<number, KeptPayload>()
  for (const position of positions.slice(0, positionsMax)) {
    const row = newest.get(no, position) as unknown as PayloadRow | undefined
    if (row) found.set(position, toPayload(row))
  }
  return found
}

interface PayloadRow {
  version: number
  body: string | null
  shown: string | null
  raw: string | null
}

function toPayload(row: PayloadRow): KeptPayload {
  return {
    body: row.body,
    ...present<Omit<KeptPayload, 'body'>>({ version: row.version, shown: row.shown, raw: row.raw }),
  }
}

/** A row of `items`. */
export interface ItemRow {
  position: number
  key: string
  stage: string | null
  state: OpenItem['state']
  generation: number
  attempts: number
  counted: string
  first_failed_at_ms: number | null
  excluded_ms: number
  last_delay_ms: number | null
  due_at_ms: number | null
  dependency: string | null
  operation: string | null
  updated_at_ms: number
}

function toOpenItem(row: ItemRow): OpenItem {
  return present<OpenItem>({
    position: row.position,
    key: row.key,
    stage: row.stage,
    state: row.state,
    progress: toProgress(row),
    dueAtMs: row.due_at_ms,
    dependency: row.dependency,
    operationId: row.operation,
    updatedAtMs: row.updated_at_ms,
  })
}

export function toProgress(
  row: Pick<ItemRow, 'generation' | 'attempts' | 'counted' | 'first_failed_at_ms' | 'excluded_ms' | 'last_delay_ms'>,
): Progress {
  return present<Progress>({
    generation: row.generation,
    attempts: row.attempts,
    counted: JSON.parse(row.counted) as Progress['counted'],
    firstFailedAtMs: row.first_failed_at_ms,
    excludedMs: row.excluded_ms,
    lastDelayMs: row.last_delay_ms,
  })
}
