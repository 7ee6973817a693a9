import { checkJob } from '../job/check-job.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { JobDefinition, StartOptions } from '../job/definition.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Source } from '../model/source.ts'
import type { Query } from '../model/to-query.ts'
import { type Selection, selectLetters } from '../quarantine/selection.ts'
import { adapterOf } from '../source/adapter-of.ts'
import type { Batch } from './batch.ts'
import { innards, type JobInnards } from './job-innards.ts'
import { isLoading } from './loading.ts'
import { keyringOf, openGuarded } from './open-guarded.ts'
import { storeUrl } from './open-store.ts'
import { startJob } from './start-job.ts'

/** A defined job. */
export interface Job<Item, Payload = Item> {
  readonly name: string
  /** Starts, or resumes an unfinished batch of the same source; answers once the store is open and the batch is claimed. */
  start(options?: StartOptions<Item>): Promise<Batch>
  /** Dead letters of this job, by query. */
  quarantine(query?: Query, options?: { store?: string }): Selection<Item, Payload>
}

/** Defines a job. The order of the options does not matter. */
export function job<Item, Payload = Item, Dependency extends string = never>(
  definition: JobDefinition<Item, Payload, Dependency>,
): Job<Item, Payload> {
  let checked: CheckedJob | undefined
  const inside: JobInnards = {
    definition: definition as JobDefinition<any, any, string>,
    checked: () => {
      checked ??= checkJob(definition as JobDefinition<any, any, string>)
      return checked
    },
  }
  const defined: Job<Item, Payload> = {
    name: definition.name,
    async start(options = {}) {
      if (isLoading())
        throw new RedriveError('RD-1104', {
          what: `start() of job '${definition.name}' was called while redrive loaded its file`,
        })
      const job = inside.checked()
      if (job.secret.length > 0 && !keyringOf(process.env)) {
        throw new RedriveError('RD-1106', { what: `job '${job.name}' has secret fields, and REDRIVE_KEYS is not set` })
      }
      const source = adapterOf((options.source ?? definition.source) as Source<unknown, unknown>)
      const store = await openGuarded(
        storeUrl({ ...(options.store !== undefined && { flag: options.store }), env: process.env }),
      )
      const started = await startJob({ job, source, store, options: options as StartOptions<unknown>, ownsStore: true })
      return started.batch
    },
    quarantine: (query, options = {}) =>
      selectLetters<Item, Payload>(definition.name, query, () =>
        openGuarded(storeUrl({ ...(options.store !== undefined && { flag: options.store }), env: process.env })),
      ),
  }
  Object.defineProperty(defined, innards, { value: inside })
  return defined
}
