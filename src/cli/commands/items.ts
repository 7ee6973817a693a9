import { plural } from '../../report/figures.ts'
import { allPages } from '../all-pages.ts'
import type { Command } from '../command.ts'
import { findBatch } from '../find-batch.ts'
import { type ItemJson, itemJson } from '../item-json.ts'
import type { ListShape } from '../list-shape.ts'
import { shortTime } from '../moments.ts'
import { stateColour } from '../state-colour.ts'

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
      cell: ({ key, positions }) => (positions ? plural(positions[1] - positions[0] + 1, 'item') : (key ?? '')),
      grow: true,
    },
    { head: 'STATE', cell: ({ state }) => state, paint: ({ state }, colours) => stateColour(state, colours) },
    { head: 'TRIES', cell: ({ attempts }) => (attempts === undefined ? '' : String(attempts)), right: true },
    { head: 'TYPE', cell: ({ type }) => type ?? '' },
    { head: 'GROUP', cell: ({ group }) => group ?? '', spare: true },
    { head: 'UPDATED', cell: ({ updatedAt }) => (updatedAt ? shortTime(Date.parse(updatedAt)) : ''), spare: true },
  ],
  empty: 'There are no such items.',
}

function rangeText([from, to]: readonly [number, number]): string {
  return from === to ? String(from) : `${from}-${to}`
}
