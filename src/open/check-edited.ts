import { RedriveError } from '../model/redrive-error.ts'
import { redactText } from '../redact/redact-text.ts'
import type { Cursor, SourceAdapter } from '../source/source.ts'
import type { BatchRecord } from '../store/runs.ts'
import { jobOfBatch } from './job-of-batch.ts'
import { sourceWithInput } from './source-input.ts'

/** An edited payload, or the repaired text of a row. */
export type Given = { readonly payload: unknown } | { readonly raw: string }

/** What the source says to it. */
export interface Verdict {
  /** It accepts it; or why it was not asked. */
  readonly checked: true | string
  readonly key?: string
}

interface Asking {
  readonly jobFile?: string
  readonly cwd: string
  /** Clear texts that no message may hold. */
  readonly secrets: readonly string[]
}

/** Asks parser, schema and key of the batch's source. RD-1603 when they refuse; not asked when the job file can't be loaded. */
export async function checkEdited(batch: BatchRecord, given: Given, { secrets, ...asking }: Asking): Promise<Verdict> {
  let source: SourceAdapter
  try {
    const { innards } = await jobOfBatch(batch, asking)
    source = sourceWithInput(innards.definition)
  } catch (error) {
    // A file that was named is to be used; the one of the batch may be gone.
    if (asking.jobFile !== undefined) throw error
    return { checked: error instanceof RedriveError ? error.what : String(error) }
  }
  const payload = 'payload' in given ? given.payload : readRow(source, given.raw, batch)
  const shaped = await source.shape?.(payload)
  if (!shaped) return { checked: true }
  if (!('refused' in shaped)) return { checked: true, ...(shaped.key !== undefined && { key: shaped.key }) }
  const why = shaped.refused instanceof Error ? shaped.refused.message : String(shaped.refused)
  throw new RedriveError('RD-1603', {
    what: `The source does not accept the edited payload: ${redactText(why, secrets)}`,
    fix: 'Correct the edit, or store it all the same with --no-check. The dead letter is unchanged.',
  })
}

function readRow(source: SourceAdapter, raw: string, batch: BatchRecord): unknown {
  const { state } = JSON.parse(batch.checkpoint.cursor || '{}') as Partial<Cursor>
  let why: string
  try {
    const read = source.readRaw(raw, state)
    if ('payload' in read) return read.payload
    why = read.error.message
  } catch {
    why = 'the ledger does not know the header of this source'
  }
  throw new RedriveError('RD-1603', {
    what: `The text can't be read as one row: ${redactText(why)}`,
    fix: `Correct the text, or give the whole payload: --file FILE. The dead letter is unchanged.`,
  })
}
