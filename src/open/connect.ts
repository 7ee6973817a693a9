import type { BatchState } from '../model/batch.ts'
import { type Duration, parseDuration } from '../model/duration.ts'
import type { BatchEvent, Change } from '../model/event.ts'
import type { ItemState } from '../model/item.ts'
import type { QueryNode } from '../model/query.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { type Query, toQuery } from '../model/to-query.ts'
import type { Letter } from '../quarantine/letter.ts'
import { lettersOf } from '../quarantine/selection.ts'
import { isAlive, thisOwner } from '../runner/owner.ts'
import type { Paged } from '../store/page.ts'
import type { BatchRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { openGuarded } from './open-guarded.ts'
import { storeUrl } from './open-store.ts'

/** The durable truth, to be asked. */
export interface Ledger extends AsyncDisposable {
  batches(query?: Query): AsyncIterable<{ readonly id: string; readonly job: string; readonly state: BatchState }>
  items(query?: Query): AsyncIterable<{
    readonly batchId: string
    readonly position: number
    readonly key: string
    readonly state: ItemState
  }>
  letters(query?: Query): AsyncIterable<Letter>
  errors(query?: Query): AsyncIterable<{ readonly id: string; readonly title: string; readonly count: number }>
  stats(options?: {
    since?: Duration
    job?: string
  }): Promise<{ readonly succeeded: number; readonly quarantined: number; readonly recovered: number }>
  /** Everything written after `sinceSeq`, then live. */
  changes(sinceSeq?: number): AsyncIterable<{ readonly seq: number; readonly at: Date; readonly event: BatchEvent }>
}

/** New changes are looked for so often. */
const LOOK_MS = 200

/** Opens a ledger. `url` default: REDRIVE_STORE, then `sqlite:.redrive/ledger.db`. Rejects with RD-13xx if it can't. */
export async function connect(url?: string): Promise<Ledger> {
  const store = await openGuarded(storeUrl({ ...(url !== undefined && { flag: url }), env: process.env }))
  return ledgerOf(store)
}

function ledgerOf(store: Store): Ledger {
  const me = thisOwner()
  let closed = false
  const derived = (batch: BatchRecord): BatchState =>
    batch.state === 'running' && !isAlive(batch.lease, Date.now(), me) ? 'interrupted' : batch.state

  return {
    async *batches(query) {
      for await (const batch of pages((page) => store.runs.list(toQuery(query), page)))
        yield { id: batch.id, job: batch.job, state: derived(batch) }
    },
    async *items(query) {
      const where = toQuery(query)
      for await (const batch of pages((page) => store.runs.list(batchPart(where), page))) {
        for await (const line of pages((page) => store.runs.items(batch.id, where, page))) {
          if ('positions' in line) {
            for (let position = line.positions[0]; position <= line.positions[1]; position++)
              yield { batchId: batch.id, position, key: String(position), state: 'succeeded' as const }
          } else yield { batchId: batch.id, position: line.position, key: line.key, state: line.state }
        }
      }
    },
    letters: (query) => lettersOf(store, toQuery(query)),
    async *errors(query) {
      for await (const group of pages((page) => store.letters.groups(toQuery(query), page)))
        yield { id: group.id, title: group.title, count: group.failures }
    },
    stats: (options = {}) => stats(store, options),
    async *changes(sinceSeq = 0) {
      let seq = sinceSeq
      while (!closed) {
        const changes: readonly Change[] = await store.changes.since(seq)
        for (const change of changes) {
          seq = change.seq
          yield { seq, at: new Date(change.atMs), event: change.event }
        }
        if (changes.length === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await store.close()
    },
  }
}

async function* pages<Row>(
  list: (page: { limit: number; after?: string }) => Promise<Paged<Row>>,
): AsyncGenerator<Row> {
  let after: string | undefined
  do {
    const page: Paged<Row> = await list({ limit: 500, ...(after !== undefined && { after }) })
    yield* page.rows
    after = page.next
  } while (after !== undefined)
}

/** Of a query about items, what also narrows the batches. */
function batchPart(node: QueryNode | undefined): QueryNode | undefined {
  if (!node) return undefined
  if (node.op === 'field') return node.field === 'batch' || node.field === 'job' ? node : undefined
  if (node.op !== 'and') return undefined
  const nodes = node.nodes.flatMap((part) => batchPart(part) ?? [])
  return nodes.length > 0 ? { op: 'and', nodes } : undefined
}

async function stats(store: Store, options: { since?: Duration; job?: string }) {
  const sinceMs = options.since === undefined ? 0 : Date.now() - readSince(options.since)
  const sum = { succeeded: 0, quarantined: 0, recovered: 0 }
  const where: QueryNode | undefined =
    options.job === undefined ? undefined : { op: 'field', field: 'job', test: { is: options.job } }
  for await (const batch of pages((page) => store.runs.list(where, page))) {
    if (batch.startedAtMs < sinceMs) continue
    const counts = await store.runs.counts(batch.id)
    sum.succeeded += counts.succeeded
    sum.quarantined += counts.quarantined
    sum.recovered += batch.checkpoint.tally.recovered
  }
  return sum
}

function readSince(since: string): number {
  const ms = parseDuration(since)
  if (ms !== undefined) return ms
  throw new RedriveError('RD-1101', {
    what: `since: '${since}' is no length of time`,
    fix: "Write it like '7d' or '12h'.",
  })
}
