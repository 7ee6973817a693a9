import type { Cursor, Identity, Reader, SourceAdapter } from '../source/source.ts'
import type { BatchRecord, Runs } from '../store/runs.ts'
import { createSpoolReader } from './spool-reader.ts'

/** The reader of a batch: from its source where the checkpoint stands, or from the ledger's spool if the source can't be read again. */
export async function openSource({ source, batch, runs }: { source: SourceAdapter; batch: BatchRecord; runs: Runs }): Promise<Reader> {
  const started = batch.checkpoint.read > 0 || batch.checkpoint.watermark > 0
  if (batch.spooled && started) return createSpoolReader(runs, batch.id)
  const identity = JSON.parse(batch.source) as Identity
  const cursor = batch.checkpoint.cursor === '' ? undefined : (JSON.parse(batch.checkpoint.cursor) as Cursor)
  return source.open(identity, started ? cursor : undefined)
}
