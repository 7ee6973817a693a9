import type { Cell } from '../store/cells.ts'
import type { Command } from './command.ts'
import { isoTime, shortTime } from './moments.ts'
import type { ListShape } from './output.ts'
import { stateColour } from './state-colour.ts'

const prefix = 'breaker/'

/** `redrive breakers list`: breakers that were ever moved, by job and name. A breaker that never opened has no cell. */
export const breakersList: Command = async ({ output, store, talk }) => {
  const ledger = await store()
  const lines = (await ledger.cells.list(prefix)).map(breakerJson)
  await output.list(shape, lines)
  const open = lines.find((line) => line.phase !== 'closed')
  if (open) await talk.next(`redrive items BATCH --where "dependency:${open.name} state:held"`)
  return 0
}

export interface BreakerJson {
  readonly job: string
  readonly name: string
  readonly phase: string
  readonly openUntil?: string
  readonly why?: string
  readonly epoch?: number
}

/** A cell is written by another version or by hand at times: what can't be read is shown as such. */
export function breakerJson({ key, value }: Cell): BreakerJson {
  const [job = '', ...name] = key.slice(prefix.length).split('/')
  const head = { job, name: name.join('/') }
  let snapshot: { phase?: unknown; openUntilWallMs?: unknown; why?: unknown; epoch?: unknown } | null
  try {
    snapshot = JSON.parse(value)
  } catch {
    return { ...head, phase: 'unreadable' }
  }
  const { phase, openUntilWallMs, why, epoch } = snapshot ?? {}
  const until =
    typeof openUntilWallMs === 'number' && Math.abs(openUntilWallMs) < 8.64e15
      ? { openUntil: isoTime(openUntilWallMs) }
      : {}
  return {
    ...head,
    phase: typeof phase === 'string' ? phase : 'unreadable',
    ...until,
    ...(typeof why === 'string' ? { why } : {}),
    ...(typeof epoch === 'number' ? { epoch } : {}),
  }
}

const shape: ListShape<BreakerJson> = {
  fields: ['job', 'name', 'phase', 'openUntil', 'why', 'epoch'],
  columns: [
    { head: 'JOB', cell: ({ job }) => job },
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'PHASE', cell: ({ phase }) => phase, paint: ({ phase }, colours) => stateColour(phase, colours) },
    { head: 'OPEN UNTIL', cell: ({ openUntil }) => (openUntil ? shortTime(Date.parse(openUntil)) : '') },
    { head: 'WHY', cell: ({ why }) => why ?? '', grow: true },
  ],
  empty: 'No breaker has ever opened.',
}
