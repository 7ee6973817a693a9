import { RedriveError } from '../model/redrive-error.ts'
import { isDeclared, type Source } from './declared-source.ts'
import { describe } from './describe.ts'
import { from } from './from.ts'
import type { SourceAdapter } from './source.ts'

/**
 * The runner's side of what a job gives as `source`: a source of this package as it is, a bare async iterable as an unnamed `from`.
 * Throws RD-1101 for anything else.
 */
export function adapterOf(source: Source<unknown, unknown> | AsyncIterable<unknown>): SourceAdapter {
  const given: unknown = source
  if (typeof given === 'object' && given !== null) {
    if (isDeclared(given)) return given
    if (Symbol.asyncIterator in given) return from(given as AsyncIterable<unknown>) as unknown as SourceAdapter
  }
  const iterable = typeof given === 'object' && given !== null && Symbol.iterator in given
  throw new RedriveError('RD-1101', {
    what: `source: got ${describe(given)}, which is no source`,
    why: 'A source is what csv(), jsonl(), json(), files() or from() answers, or an async iterable.',
    fix: iterable
      ? 'Wrap it: source: from(items).'
      : 'Give source: csv(path), jsonl(path), json(path), files(globs) or from(items).',
  })
}
