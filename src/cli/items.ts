import { formatCount } from '../report/figures.ts'
import type { ItemLine } from '../store/runs.ts'
import { allPages } from './all-pages.ts'
import type { Command } from './command.ts'
import { findBatch } from './find-batch.ts'
import { isoTime, shortTime } from './moments.ts'
import type { ListShape } from './output.ts'
import { payloadJson } from './payload-json.ts'
import { stateColour } from './state-colour.ts'

/** `redrive items BATCH`: rows, and plain successes as ranges, by position. */
export const items: Command = async ({ args, output, store, query, globals, world, talk }) => {
  const ledger = await store()
  const batch = await findBatch(ledger, args[0]!)
  const page = { limit: Math.min(1_000, (globals.limit ?? 1_000) + 1), nowMs: world.nowMs() }
  let firstRow: number | undefined
  const lines = async function* () {
    for await (const line of allPages((next) => ledger.runs.items(batch.id, query, next), page)) {
      if ('position' in line) firstRow ??= line.position
      yield itemJson(batch.id, line)
    }
  }
  await output.list(shape, lines())
  if (firstRow !== undefined) await talk.next(`redrive item ${batch.id}:${firstRow}`)
  return 0
}

/** A line of `redrive items` as JSON. */
export interface ItemJson {
  readonly batchId: string
  readonly position?: number
  readonly positions?: readonly [number, number]
  readonly key?: string
  readonly state: string
  readonly attempts?: number
  readonly generation?: number
  readonly group?: string
  readonly type?: string
  readonly disposition?: string
  readonly stage?: string
  readonly dependency?: string
  readonly dueAt?: string
  readonly letterId?: string
  readonly result?: unknown
  readonly updatedAt?: string
}

export function itemJson(batchId: string, line: ItemLine): ItemJson {
  if ('positions' in line) return { batchId, positions: line.positions, state: line.state }
  const { position, key, state, progress, group, type, disposition, stage, dependency, dueAtMs, letterId, result } =
    line
  return {
    batchId,
    position,
    key,
    state,
    attempts: progress.attempts,
    generation: progress.generation,
    ...(group === undefined ? {} : { group }),
    ...(type === undefined ? {} : { type }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(stage ? { stage } : {}),
    ...(dependency === undefined ? {} : { dependency }),
    ...(dueAtMs === undefined ? {} : { dueAt: isoTime(dueAtMs) }),
    ...(letterId === undefined ? {} : { letterId }),
    ...(result === undefined ? {} : { result: payloadJson({ body: result }) }),
    updatedAt: isoTime(line.updatedAtMs),
  }
}

const shape: ListShape<ItemJson> = {
  fields: [
    'batchId',
    'position',
    'positions',
    'key',
    'state',
    'attempts',
    'generation',
    'group',
    'type',
    'disposition',
    'stage',
    'dependency',
    'dueAt',
    'letterId',
    'result',
    'updatedAt',
  ],
  columns: [
    {
      head: 'POSITION',
      cell: ({ position, positions }) => (positions ? rangeText(positions) : String(position)),
      right: true,
    },
    {
      head: 'KEY',
      cell: ({ key, positions }) =>
        positions ? `${formatCount(positions[1] - positions[0] + 1)} at first attempt` : (key ?? ''),
      grow: true,
    },
    { head: 'STATE', cell: ({ state }) => state, paint: ({ state }, colours) => stateColour(state, colours) },
    { head: 'ATTEMPTS', cell: ({ attempts }) => (attempts === undefined ? '' : String(attempts)), right: true },
    { head: 'TYPE', cell: ({ type }) => type ?? '' },
    { head: 'GROUP', cell: ({ group }) => group ?? '' },
    { head: 'UPDATED', cell: ({ updatedAt }) => (updatedAt ? shortTime(Date.parse(updatedAt)) : '') },
  ],
  empty: 'There are no such items.',
}

function rangeText([from, to]: readonly [number, number]): string {
  return from === to ? String(from) : `${from}-${to}`
}
