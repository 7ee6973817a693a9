import { RedriveError } from '../model/redrive-error.ts'
import type { Cell, Cells } from '../store/cells.ts'
import type { Store, StoreInfo } from '../store/store.ts'
import { createModelLedger, type ModelLedger } from './model-ledger.ts'
import { createModelLetters } from './model-letters.ts'
import { createModelOperations } from './model-operations.ts'
import { createModelRuns } from './model-runs.ts'

/** A call to a model store: `runs.commit`, and how many of these there were, from 1. */
export interface ModelCall {
  readonly method: string
  readonly n: number
}

/** Options of a model store. */
export interface ModelStoreOptions {
  /** What is durable. Default: an empty one. Stores that share one are like processes that share a file; a new store over an old ledger is a restart. */
  readonly ledger?: ModelLedger
  /** Awaited while a call is buffered, before it has any effect: what it throws is a call that failed, one that never resolves died with its caller. */
  readonly beforeCall?: (call: ModelCall) => Promise<void> | void
  /** Awaited when a call is durable, before its caller hears of it: what it throws is an answer that was lost. */
  readonly afterCall?: (call: ModelCall) => Promise<void> | void
}

/** A store in plain memory, obviously right rather than fast: the oracle of simulations, and a store for users' own tests. Each call is one atomic step. */
export function createModelStore(options: ModelStoreOptions = {}): Store & { readonly ledger: ModelLedger } {
  const ledger = options.ledger ?? createModelLedger()
  const calls = new Map<string, number>()
  const state = { closed: false }
  const room = <Room extends object>(name: string, methods: Room): Room => {
    const wrapped: Record<string, unknown> = {}
    for (const [method, run] of Object.entries(methods)) {
      wrapped[method] = async (...given: unknown[]) => {
        const call = { method: `${name}.${method}`, n: (calls.get(`${name}.${method}`) ?? 0) + 1 }
        calls.set(call.method, call.n)
        if (options.beforeCall) await options.beforeCall(call)
        if (state.closed)
          throw new RedriveError('RD-1301', { what: 'The ledger memory: is closed', fix: 'Open it again.' })
        // What is kept and what is given are never the same objects, as with a real store.
        const answer = structuredClone(await run(...structuredClone(given)))
        if (options.afterCall) await options.afterCall(call)
        return answer
      }
    }
    return wrapped as Room
  }
  return {
    ledger,
    durable: true,
    url: 'memory:',
    runs: room('runs', createModelRuns(ledger)),
    letters: room('letters', createModelLetters(ledger)),
    operations: room('operations', createModelOperations(ledger)),
    cells: room('cells', createCells(ledger)),
    series: room('series', {
      read: async (batchId, range = {}) => readSeries(ledger, batchId, range),
    } satisfies Store['series']),
    changes: room('changes', {
      since: async (seq, limit = 1_000) => ledger.changes.filter((change) => change.seq > seq).slice(0, limit),
      latest: async () => ledger.changes.at(-1)?.seq ?? 0,
    } satisfies Store['changes']),
    info: async () => infoOf(ledger),
    check: async () => [],
    close: async () => {
      state.closed = true
    },
  }
}

function createCells({ cells }: ModelLedger): Cells {
  return {
    get: async (key) => cells.get(key),
    list: async (prefix) =>
      [...cells.values()]
        .filter((cell) => cell.key.startsWith(prefix))
        .sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)))
        .slice(0, 1_000),
    put: async ({ version, ...cell }) => {
      if ((cells.get(cell.key)?.version ?? 0) !== version) return false
      cells.set(cell.key, { ...cell, version: version + 1 } satisfies Cell)
      return true
    },
    remove: async (key) => {
      cells.delete(key)
    },
  }
}

function readSeries(ledger: ModelLedger, batchId: string, range: { readonly fromMs?: number; readonly toMs?: number }) {
  const points = [...(ledger.batches.find(({ given }) => given.id === batchId)?.series.values() ?? [])]
  const order = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
  return points
    .filter(
      (point) => point.bucketMs >= (range.fromMs ?? 0) && point.bucketMs <= (range.toMs ?? Number.MAX_SAFE_INTEGER),
    )
    .sort(
      (one, other) =>
        one.bucketMs - other.bucketMs || order(one.dependency, other.dependency) || order(one.outcome, other.outcome),
    )
}

function infoOf(ledger: ModelLedger): StoreInfo {
  const { batches, letters, operations } = ledger
  return {
    kind: 'model',
    url: 'memory:',
    engine: 'model',
    schemaVersion: 0,
    sizeBytes: 0,
    walBytes: 0,
    batches: batches.length,
    letters: letters.length,
    operations: operations.length,
  }
}
