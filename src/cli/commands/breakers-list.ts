import { type BreakerJson, breakerJson, breakerPrefix } from '../breaker-json.ts'
import type { Command } from '../command.ts'
import type { ListShape } from '../list-shape.ts'
import { shortTime } from '../moments.ts'
import { stateColour } from '../state-colour.ts'

/** `redrive breakers list`: breakers that were ever moved, by job and name. A breaker that never opened has no cell. */
export const breakersList: Command = async ({ output, store, talk }) => {
  const ledger = await store()
  const lines = (await ledger.cells.list(breakerPrefix)).map(breakerJson)
  await output.list(shape, lines)
  const open = lines.find((line) => line.phase !== 'closed')
  if (open) await talk.next(`redrive items BATCH --where "dependency:${open.name} state:held"`)
  return 0
}

const shape: ListShape<BreakerJson> = {
  fields: ['job', 'name', 'phase', 'openUntil', 'why', 'epoch'],
  columns: [
    { head: 'JOB', cell: ({ job }) => job },
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'PHASE', cell: ({ phase }) => phase, paint: ({ phase }, colours) => stateColour(phase, colours) },
    { head: 'OPEN UNTIL', cell: ({ openUntil }) => (openUntil ? shortTime(Date.parse(openUntil)) : ''), spare: true },
    { head: 'WHY', cell: ({ why }) => why ?? '', grow: true },
  ],
  empty: 'No breaker has ever opened.',
}
