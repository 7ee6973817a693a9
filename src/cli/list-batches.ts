import type { QueryNode } from '../model/query.ts'
import type { BatchRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { allPages } from './all-pages.ts'
import { derivedState } from './derived-state.ts'

/**
 * Batches by a query, newest first, as states are shown: the ledger keeps `running` for those that are `interrupted`.
 * Two passes: those whose kept state is shown, by the query as it is; then the interrupted ones, for which the query's
 * `interrupted` and `running` change places. Each batch is in exactly one, so no query is answered wrongly.
 */
export async function* listBatches(
  store: Store,
  query: QueryNode | undefined,
  { nowMs, limit = 200 }: { nowMs: number; limit?: number },
): AsyncGenerator<BatchRecord> {
  const pass = (node: QueryNode | undefined) => allPages((page) => store.runs.list(node, page), { limit, nowMs })
  if (!query || !asksForRunning(query)) {
    yield* pass(query)
    return
  }
  const interrupted = (batch: BatchRecord) => derivedState(batch, nowMs) === 'interrupted'
  yield* merge(
    keep(pass(query), (batch) => !interrupted(batch)),
    keep(pass(swapped(query)), interrupted),
  )
}

async function* keep(
  batches: AsyncIterable<BatchRecord>,
  wanted: (batch: BatchRecord) => boolean,
): AsyncGenerator<BatchRecord> {
  for await (const batch of batches) if (wanted(batch)) yield batch
}

async function* merge(a: AsyncGenerator<BatchRecord>, b: AsyncGenerator<BatchRecord>): AsyncGenerator<BatchRecord> {
  let [left, right] = await Promise.all([a.next(), b.next()])
  while (!left.done || !right.done) {
    if (right.done || (!left.done && isNewer(left.value, right.value))) {
      yield left.value as BatchRecord
      left = await a.next()
    } else {
      yield right.value
      right = await b.next()
    }
  }
}

function isNewer(a: BatchRecord, b: BatchRecord): boolean {
  return a.startedAtMs === b.startedAtMs ? a.id > b.id : a.startedAtMs > b.startedAtMs
}

function asksForRunning(node: QueryNode): boolean {
  if (node.op === 'not') return asksForRunning(node.node)
  if (node.op === 'and' || node.op === 'or') return node.nodes.some(asksForRunning)
  return (
    node.op === 'field' &&
    node.field === 'state' &&
    'is' in node.test &&
    (node.test.is === 'running' || node.test.is === 'interrupted')
  )
}

function swapped(node: QueryNode): QueryNode {
  if (node.op === 'not') return { op: 'not', node: swapped(node.node) }
  if (node.op === 'and' || node.op === 'or') return { op: node.op, nodes: node.nodes.map(swapped) }
  if (!asksForRunning(node) || node.op !== 'field' || !('is' in node.test)) return node
  return { ...node, test: { is: node.test.is === 'running' ? 'interrupted' : 'running' } }
}
