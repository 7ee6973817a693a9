import { nearest } from '../model/did-you-mean.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { buildReport, type Report } from '../report/report.ts'
import type { BatchRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { isRun } from './derived-state.ts'

/** A batch by its id. RD-1501, with the nearest of the newest ids. */
export async function findBatch(store: Store, id: string): Promise<BatchRecord> {
  const batch = await store.runs.get(id)
  if (batch) return batch
  const { rows } = await store.runs.list(undefined, { limit: 50 })
  const near = nearest(
    id,
    rows.map((row) => row.id),
  )
  throw new RedriveError('RD-1501', {
    what: `There is no batch ${JSON.stringify(id.slice(0, 80))} in ${store.url}.`,
    fix: near ? `Did you mean ${near}? All are listed by redrive batches.` : 'List them with redrive batches.',
  })
}

/** How a batch stands: one look at the ledger's aggregates. */
export async function reportOf(store: Store, batch: BatchRecord, nowMs: number): Promise<Report> {
  const [counts, groups] = await Promise.all([store.runs.counts(batch.id), store.runs.groups(batch.id)])
  return buildReport({ batch, counts, groups, alive: isRun(batch, nowMs) })
}
