import { formatDuration } from '../../model/duration.ts'
import { formatCount } from '../../report/figures.ts'
import type { BatchRecord } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Command } from '../command.ts'
import { derivedState } from '../derived-state.ts'
import { listBatches } from '../list-batches.ts'
import type { ListShape } from '../list-shape.ts'
import { isoTime, shortTime } from '../moments.ts'
import { stateColour } from '../state-colour.ts'

/** `redrive batches`. */
export const batches: Command = async ({ output, store, query, globals, world, talk }) => {
  const ledger = await store()
  const nowMs = world.nowMs()
  const pageSize = Math.min(200, (globals.limit ?? 200) + 1)
  let newest: string | undefined
  const lines = async function* () {
    for await (const batch of listBatches(ledger, query, { nowMs, limit: pageSize })) {
      newest ??= batch.id
      yield await batchLine(ledger, batch, nowMs)
    }
  }
  await output.list(shape, lines())
  if (newest) await talk.next(`redrive batch show ${newest}`)
  return 0
}

interface BatchLine {
  readonly batchId: string
  readonly job: string
  readonly state: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly read: number
  readonly succeeded: number
  readonly quarantined: number
  readonly recovered: number
  readonly stopReason?: string
}

async function batchLine(ledger: Store, batch: BatchRecord, nowMs: number): Promise<BatchLine> {
  const counts = await ledger.runs.counts(batch.id)
  return {
    batchId: batch.id,
    job: batch.job,
    state: derivedState(batch, nowMs),
    startedAt: isoTime(batch.startedAtMs),
    endedAt: batch.endedAtMs === undefined ? null : isoTime(batch.endedAtMs),
    read: batch.checkpoint.read,
    succeeded: counts.succeeded,
    quarantined: counts.quarantined,
    recovered: batch.checkpoint.tally.recovered,
    ...(batch.stopReason === undefined ? {} : { stopReason: batch.stopReason }),
  }
}

const shape: ListShape<BatchLine> = {
  fields: [
    'batchId',
    'job',
    'state',
    'startedAt',
    'endedAt',
    'read',
    'succeeded',
    'quarantined',
    'recovered',
    'stopReason',
  ],
  columns: [
    { head: 'BATCH', cell: (line) => line.batchId },
    { head: 'JOB', cell: (line) => line.job, grow: true },
    { head: 'STATE', cell: (line) => line.state, paint: (line, colours) => stateColour(line.state, colours) },
    { head: 'STARTED', cell: (line) => shortTime(Date.parse(line.startedAt)), spare: true },
    {
      head: 'TOOK',
      spare: true,
      cell: (line) =>
        line.endedAt ? formatDuration(Math.max(0, Date.parse(line.endedAt) - Date.parse(line.startedAt))) : '',
    },
    { head: 'READ', cell: (line) => formatCount(line.read), right: true },
    { head: 'QUARANTINED', cell: (line) => formatCount(line.quarantined), right: true },
  ],
  empty: 'There are no such batches.',
}
