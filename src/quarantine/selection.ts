import type { Rate } from '../model/duration.ts'
import type { QueryNode } from '../model/query.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Schema } from '../model/schema.ts'
import { type Query, toQuery } from '../model/to-query.ts'
import type { Store } from '../store/store.ts'
import { type Letter, toLetter } from './letter.ts'

/** Dead letters chosen by a query. */
export interface Selection<Item, Payload> extends AsyncIterable<Letter<Payload>> {
  count(): Promise<number>
  plan(options?: PlanOptions<Item, Payload>): Promise<Plan<Payload>>
}
/** What a plan does. */
export interface PlanOptions<Item, Payload> {
  /** Pure; runs when planned. Gets the payload as it was read: it may be what the schema refused. */
  edit?: (payload: Payload) => Payload
  /** Checks what `edit` answers. Default: the source's. */
  schema?: Schema<any, Item>
  /** Items tried first. Default 0. */
  canary?: number
  rate?: Rate
  /** Share of failures that stops the operation, 0..1. Default 0.1. */
  abortAt?: number
}
/** A frozen selection and what would happen to it. */
export interface Plan<Payload> {
  readonly id: string
  readonly count: number
  readonly ineligible: ReadonlyArray<{ readonly id: string; readonly why: string }>
  readonly sample: ReadonlyArray<{ readonly id: string; readonly before: Payload; readonly after: Payload }>
  apply(by: { actor: string; reason: string }): Promise<Operation>
}
/** A bulk act under way. */
export interface Operation {
  readonly id: string
  readonly done: Promise<{ readonly succeeded: number; readonly quarantined: number; readonly stopped?: string }>
  pause(): Promise<void>
  resume(): Promise<void>
  cancel(): Promise<void>
}

/** The letters of a job that a query chooses. The store is opened for each act, and closed after it. */
export function selectLetters<Item, Payload>(
  job: string,
  query: Query | undefined,
  open: () => Promise<Store>,
): Selection<Item, Payload> {
  const where = ofJob(job, toQuery(query))
  return {
    async count() {
      const store = await open()
      try {
        return await store.letters.count(where)
      } finally {
        await store.close()
      }
    },
    plan: () => Promise.reject(new RedriveError('RD-1907', { what: 'quarantine plans are not built yet' })),
    async *[Symbol.asyncIterator]() {
      const store = await open()
      try {
        yield* lettersOf<Payload>(store, where)
      } finally {
        await store.close()
      }
    },
  }
}

/** Letters with their payloads, page by page. */
export async function* lettersOf<Payload>(store: Store, where: QueryNode | undefined): AsyncGenerator<Letter<Payload>> {
  let after: string | undefined
  do {
    const page = await store.letters.list(where, { limit: 200, ...(after !== undefined && { after }) })
    for (const record of page.rows) yield toLetter<Payload>(record, await store.letters.versions(record.id))
    after = page.next
  } while (after !== undefined)
}

function ofJob(job: string, query: QueryNode | undefined): QueryNode {
  const node: QueryNode = { op: 'field', field: 'job', test: { is: job } }
  return query ? { op: 'and', nodes: [node, query] } : node
}
