import { capture } from '../classify/capture.ts'
import type { Classification } from '../model/classification.ts'
import type { Entry, SourceAdapter } from '../source/source.ts'
import type { Committer } from './committer.ts'
import type { Found, Judge } from './judge.ts'
import { type Kept, keepPayload, payloadOf } from './kept-payload.ts'
import { groupOf, type LetterWorld, newLetter, oneFailure } from './new-letter.ts'
import { firstProgress, type Settled } from './settled.ts'

export interface UnrunOptions extends LetterWorld {
  readonly source: SourceAdapter
  readonly committer: Committer
  readonly judge: Judge
}

/** Entries that end without ever running: what can't be read, is refused by schema or key, or is there already. */
export interface Unrun {
  unreadable(entry: Entry): Settled
  refused(entry: Entry, error: unknown, key: string | undefined): Promise<Settled>
  /** `of`: position of the item that has the key already. */
  duplicate(entry: Entry, key: string, of: number): Promise<Settled>
}

export function createUnrun(options: UnrunOptions): Unrun {
  const { committer, judge, source, job } = options

  const quarantine = (entry: Entry, key: string, found: Found, kept: Kept & { readonly raw?: string }): Settled => {
    const letter = newLetter(options, found, {
      attempts: 0,
      ...(kept.ineligible !== undefined && { ineligible: kept.ineligible }),
    })
    const place = {
      ...(entry.line !== undefined && { line: entry.line }),
      ...(entry.byte !== undefined && { byte: entry.byte }),
      ...(kept.raw !== undefined && { raw: kept.raw }),
    }
    committer.failure(oneFailure(found))
    committer.write({
      position: entry.position,
      key,
      from: 'pending',
      to: 'quarantined',
      progress: firstProgress,
      letter: { ...letter, ...place },
      ...payloadOf(kept),
    })
    const { classification } = found
    return { from: 'pending', to: 'quarantined', key, classification, group: groupOf(found) }
  }

  return {
    unreadable(entry) {
      const { error, raw } = entry.unreadable!
      return quarantine(entry, '', judge.find(error), { payload: { version: 1, body: null, raw }, raw })
    },
    async refused(entry, error, key) {
      return quarantine(entry, key ?? '', judge.find(error), await keepPayload(source, entry.payload))
    },
    async duplicate(entry, key, of) {
      if (job.duplicates === 'quarantine') {
        return quarantine(entry, key, duplicateOf(key, of), await keepPayload(source, entry.payload))
      }
      committer.write({ position: entry.position, key, from: 'pending', to: 'skipped', progress: firstProgress })
      return { from: 'pending', to: 'skipped', key }
    },
  }
}

function duplicateOf(key: string, of: number): Found {
  const error = new Error(`the key ${key} is that of item ${of} already`)
  const failure = capture(Object.assign(error, { name: 'DuplicateKeyError', code: 'RD-DUPLICATE' }))
  const classification: Classification = {
    type: 'conflict',
    disposition: 'permanent',
    severity: 'error',
    code: 'RD-DUPLICATE',
    confidence: 1,
    by: 'rule',
    recommended: 'Compare the two rows; discard this one, or give it a key of its own.',
    why: 'rule redrive/duplicate: the job says duplicates: quarantine',
  }
  return { failure, classification }
}
