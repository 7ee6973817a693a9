import { decodePayload } from '../model/payload-codec.ts'
import type { SourceAdapter } from '../source/source.ts'
import type { KeptPayload } from '../store/runs.ts'

/** A payload of the ledger as the handler gets it, or why it can't be. */
export interface ShapedKept {
  readonly item?: unknown
  readonly payload?: unknown
  readonly key: string | undefined
  readonly refused?: { readonly error: unknown }
}
/** Parser, schema and key over what the ledger kept: repaired raw text is read as one row first. Never rejects. */
export type ShapeKept = (kept: KeptPayload | undefined) => Promise<ShapedKept>

/** `rawState`: state of the source's cursor that a single row needs, the header of a CSV file. */
export function createShapeKept(source: SourceAdapter, rawState: () => unknown): ShapeKept {
  const read = (kept: KeptPayload | undefined): unknown => {
    if (!kept) throw Object.assign(new Error('the ledger has no payload of this item'), { code: 'RD-1602' })
    if (kept.body !== null) return decodePayload(kept.body)
    const row = source.readRaw(kept.raw ?? '', rawState())
    if ('error' in row) throw row.error
    return row.payload
  }
  return async (kept) => {
    try {
      const payload = read(kept)
      if (!source.shape) return { item: payload, payload, key: undefined }
      const shaped = await source.shape(payload)
      if ('refused' in shaped) return { payload, key: shaped.key, refused: { error: shaped.refused } }
      return { item: shaped.item, payload, key: shaped.key }
    } catch (error) {
      return { key: undefined, refused: { error } }
    }
  }
}
