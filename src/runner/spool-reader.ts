import { decodePayload } from '../model/payload-codec.ts'
import type { Entry, Reader } from '../source/source.ts'
import type { Runs } from '../store/runs.ts'

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
      return { cursor: { position: page.rows[0]!.position }, entries: page.rows.map((row) => unspool(row.position, row.body)) }
    },
    async close() {
      ended = true
    },
  }
}

interface SpoolBody {
  readonly payload?: string
  readonly unreadable?: { readonly name: string; readonly message: string; readonly code?: string }
  readonly raw?: string
  readonly lost?: string
  readonly picture?: string
  readonly line?: number
  readonly byte?: number
}

function unspool(position: number, body: string): Entry {
  const kept = JSON.parse(body) as SpoolBody
  const place = { position, ...(kept.line !== undefined && { line: kept.line }), ...(kept.byte !== undefined && { byte: kept.byte }) }
  if (kept.unreadable) {
    const error = Object.assign(new Error(kept.unreadable.message), { name: kept.unreadable.name, ...(kept.unreadable.code && { code: kept.unreadable.code }) })
    return { ...place, payload: null, unreadable: { error, raw: kept.raw ?? '' } }
  }
  if (kept.lost !== undefined) {
    const error = Object.assign(new Error(`the item could not be kept over the restart: ${kept.lost}`), { code: 'RD-1602' })
    return { ...place, payload: null, unreadable: { error, raw: kept.picture ?? '' } }
  }
  return { ...place, payload: decodePayload(kept.payload!) }
}
