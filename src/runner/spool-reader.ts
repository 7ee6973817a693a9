import type { Reader } from '../source/source.ts'
import type { Runs } from '../store/runs.ts'
import { unspool } from './spool-body.ts'

/** Gives again what the ledger spooled of a source that can't be read twice. */
export function createSpoolReader(runs: Runs, batchId: string): Reader {
  let after: string | undefined
  let ended = false
  return {
    async next() {
      if (ended) return undefined
      const page = await runs.spooled(batchId, { limit: 500, ...(after !== undefined && { after }) })
      after = page.next
      if (after === undefined) ended = true
      if (page.rows.length === 0) return undefined
      return {
        cursor: { position: page.rows[0]!.position },
        entries: page.rows.map((row) => unspool(row.position, row.body)),
      }
    },
    async close() {
      ended = true
    },
  }
}
