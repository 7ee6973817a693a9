import { capture } from '../classify/capture.ts'
import { encodePayload } from '../model/payload-codec.ts'
import type { SourceAdapter } from '../source/source.ts'
import type { KeptPayload } from '../store/runs.ts'

/** A payload as the ledger takes it, or why it can't be kept: then its item can't be retried. */
export interface Kept {
  readonly payload?: KeptPayload
  readonly ineligible?: string
}

export async function keepPayload(source: SourceAdapter, payload: unknown): Promise<Kept> {
  let whole: unknown
  try {
    whole = source.forKeeping ? await source.forKeeping(payload) : payload
  } catch (thrown) {
    return {
      payload: { version: 1, body: null },
      ineligible: `its payload could not be completed: ${capture(thrown).message}`,
    }
  }
  const encoded = encodePayload(whole)
  if (encoded.ok) return { payload: { version: 1, body: encoded.text } }
  return { payload: { version: 1, body: null, shown: encoded.picture }, ineligible: encoded.why }
}

/** What the handler answered, as `keep: 'results'` keeps it; why not, if it can't be kept. */
export function keepResult(result: unknown): string {
  const encoded = encodePayload(result)
  return encoded.ok ? encoded.text : JSON.stringify({ notKept: encoded.why })
}

/** The part of a write. */
export const payloadOf = (kept: Kept) => (kept.payload ? { payload: kept.payload } : {})
