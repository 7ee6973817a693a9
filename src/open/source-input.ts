import type { JobDefinition } from '../job/definition.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { adapterOf } from '../source/adapter-of.ts'
import type { SourceAdapter } from '../source/source.ts'
import type { BatchRecord } from '../store/runs.ts'

/** What may stand in place of the source's own input: a path, or a stream. */
export type Input = string | AsyncIterable<Uint8Array | string>

/** The source of a job, over another path or stream if one is given. RD-1101 when it takes none. */
export function sourceWithInput(definition: JobDefinition<any, any, string>, input?: Input): SourceAdapter {
  const source = adapterOf(definition.source)
  if (input === undefined) return source
  const replaced = source.withInput?.(input)
  if (replaced) return replaced
  const given = typeof input === 'string' ? input : 'standard input'
  throw new RedriveError('RD-1101', {
    what: `the source of job '${definition.name}' (${source.kind}: ${source.name}) takes no other input, and ${given} was given`,
    why: 'INPUT replaces the file of csv(), jsonl() or json().',
    fix: 'Leave INPUT out, or read a file in the job: source: csv(path).',
  })
}

/**
 * The source that a batch was started with: the job's own, or the job's over the path that the batch was given as INPUT.
 * Whether it is still what it was is for the claim to compare.
 */
export async function sourceOfBatch(
  definition: JobDefinition<any, any, string>,
  { sourceKey }: Pick<BatchRecord, 'sourceKey'>,
): Promise<SourceAdapter> {
  const source = adapterOf(definition.source)
  if (sourceKey === undefined || !source.withInput || !sourceKey.startsWith(`${source.kind}:`)) return source
  const path = sourceKey.slice(source.kind.length + 1)
  const own = await keyOf(source)
  if (own === sourceKey) return source
  // A pointer may follow the path: `json:/data/a.json#orders`.
  for (const candidate of [path, path.replace(/#[^#]*$/, '')]) {
    const replaced = source.withInput(candidate)
    if ((await keyOf(replaced)) === sourceKey) return replaced
  }
  return source
}

/** Undefined too when it can't be told: the file is gone. The claim says so then. */
async function keyOf(source: SourceAdapter): Promise<string | undefined> {
  return source.identify().then(
    ({ key }) => key,
    () => undefined,
  )
}
