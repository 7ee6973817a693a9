import type { PositionMap } from '../model/position-map.ts'
import type { Cursor, Identity, Reader } from '../source/source.ts'
import type { Committer } from './committer.ts'
import { createFeed, type Feed, type FeedOptions } from './feed.ts'
import type { BatchRunOptions } from './run.ts'
import { createSpoolReader } from './spool-reader.ts'

export interface OpenFeed extends Pick<FeedOptions, 'onReady' | 'onBroken'> {
  readonly options: BatchRunOptions
  readonly cursor: Cursor
  readonly positions: PositionMap
  readonly committer: Committer
}

/** The rest of a batch's source, from where its checkpoint stands; undefined when nothing is left of it. */
export async function openFeed({
  options,
  cursor,
  positions,
  committer,
  onReady,
  onBroken,
}: OpenFeed): Promise<Feed | undefined> {
  const { batch } = options
  const { checkpoint } = batch
  if (checkpoint.exhausted && checkpoint.watermark >= checkpoint.read) return undefined
  const limit = options.limit ?? batch.limit
  return createFeed({
    reader: await openReader(options, cursor),
    cursor,
    read: checkpoint.read,
    known: (position) => positions.has(position),
    knownEnd: () => positions.end,
    ...(limit !== undefined && { limit }),
    ...(batch.spooled && !hasStarted(options) && { spoolTo: committer }),
    onReady,
    onBroken,
  })
}

/** From the source, or from the ledger's spool if the source can't be read again. */
async function openReader(options: BatchRunOptions, cursor: Cursor): Promise<Reader> {
  const { source, batch, store } = options
  if (!hasStarted(options)) return source.open(JSON.parse(batch.source) as Identity)
  if (batch.spooled) return createSpoolReader(store.runs, batch.id)
  return source.open(JSON.parse(batch.source) as Identity, cursor)
}

/** A batch that was claimed before has read something, or may have. */
function hasStarted({ batch }: BatchRunOptions): boolean {
  return batch.checkpoint.cursor !== '' && batch.epoch > 1
}
