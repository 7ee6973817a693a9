import type { KeptBatchState } from '../model/batch.ts'
import { type Counts, type ItemState, itemStates } from '../model/item.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { BatchRecord, Claim, Claimed, GroupCount, KeptPayload, NewBatch, OpenItem, Runs } from '../store/runs.ts'
import { matchQuery } from './match-query.ts'
import { commitGroup } from './model-commit.ts'
import { listItems } from './model-items.ts'
import { endOf, isKnown } from './model-known.ts'
import { addChange, batchOf, type ModelBatch, type ModelLedger } from './model-ledger.ts'
import { paged } from './model-page.ts'

const openStates: ReadonlySet<ItemState> = new Set(['pending', 'running', 'waiting', 'held'])

export function createModelRuns(ledger: ModelLedger): Runs {
  return { ...createBatches(ledger), ...createLeases(ledger), ...createItems(ledger) }
}

function createBatches(
  ledger: ModelLedger,
): Pick<Runs, 'create' | 'get' | 'list' | 'unfinished' | 'settle' | 'takeOnComplete'> {
  return {
    create: async (batch) => create(ledger, batch),
    get: async (batchId) => {
      const batch = ledger.batches.find(({ given }) => given.id === batchId)
      return batch && recordOf(batch)
    },
    list: async (query, page) => {
      const found = ledger.batches.filter((batch) => matchBatch(batch, query, page.nowMs)).map(recordOf)
      return paged(found.reverse(), page, (row) => row.id)
    },
    unfinished: async (job, sourceKey) => {
      const fits = ({ given, state }: ModelBatch) =>
        given.job === job && given.sourceKey === sourceKey && ['running', 'paused', 'stopped'].includes(state)
      const found = ledger.batches.filter(fits).at(-1)
      return found && recordOf(found)
    },
    settle: async (batchId, atMs) => settle(ledger, batchOf(ledger, batchId), atMs),
    takeOnComplete: async (batchId) => {
      const batch = batchOf(ledger, batchId)
      const first = !batch.onCompleteTaken
      batch.onCompleteTaken = true
      return first
    },
  }
}

function createLeases(ledger: ModelLedger): Pick<Runs, 'claim' | 'renew' | 'release' | 'signal' | 'takeSignals'> {
  return {
    claim: async (claim) => takeLease(batchOf(ledger, claim.batchId), claim),
    renew: async (batchId, epoch, expiresAtMs) => {
      const batch = batchOf(ledger, batchId)
      if (batch.lease?.epoch !== epoch) return false
      batch.lease = { ...batch.lease, expiresAtMs }
      return true
    },
    release: async (batchId, epoch) => {
      const batch = batchOf(ledger, batchId)
      if (batch.lease?.epoch === epoch) batch.lease = undefined
    },
    signal: async (batchId, kind, detail, atMs) => {
      batchOf(ledger, batchId).signals.push(detail === undefined ? { kind, atMs } : { kind, detail, atMs })
    },
    takeSignals: async (batchId, epoch) => {
      const batch = batchOf(ledger, batchId)
      if (batch.lease?.epoch !== epoch) return []
      return batch.signals.splice(0)
    },
  }
}

type ItemMethods =
  | 'commit'
  | 'open'
  | 'payloads'
  | 'spooled'
  | 'positionOfKey'
  | 'counts'
  | 'groups'
  | 'items'
  | 'attempts'

function createItems(ledger: ModelLedger): Pick<Runs, ItemMethods> {
  return {
    commit: async (group) => commitGroup(ledger, group),
    open: async (batchId, page) => {
      const member = ({ operationId }: OpenItem) =>
        page.operationId === undefined
          ? (page.operations ?? operationId === undefined) || operationId === undefined
          : operationId === page.operationId
      const rows = sorted(batchOf(ledger, batchId).items).filter((item) => openStates.has(item.state)) as OpenItem[]
      return paged(rows.filter(member).map(openItem), page, (row) => String(row.position))
    },
    payloads: async (batchId, positions) => newestPayloads(batchOf(ledger, batchId), positions),
    spooled: async (batchId, page) => {
      const { spool, checkpoint } = batchOf(ledger, batchId)
      const rows = [...spool]
        .map(([position, body]) => ({ position, body }))
        .filter(({ position }) => position >= checkpoint.watermark)
      return paged(
        rows.sort((one, other) => one.position - other.position),
        page,
        (row) => String(row.position),
      )
    },
    positionOfKey: async (batchId, key) => {
      const { items, successes } = batchOf(ledger, batchId)
      const found = [...items.values(), ...successes.values()]
        .filter((row) => row.key === key)
        .map((row) => row.position)
      return found.length === 0 ? undefined : Math.min(...found)
    },
    counts: async (batchId) => count(batchOf(ledger, batchId)),
    groups: async (batchId) => groupsOf(ledger, batchId),
    items: async (batchId, query, page) => listItems(ledger, batchOf(ledger, batchId), { query, page }),
    attempts: async (batchId, position) => [...(batchOf(ledger, batchId).attempts.get(position) ?? [])],
  }
}

function create(ledger: ModelLedger, given: NewBatch): void {
  if (ledger.batches.some((batch) => batch.given.id === given.id))
    throw new RedriveError('RD-1999', { what: `Batch ${given.id} is there already` })
  const tally = { total: 0, retries: 0, notCounted: 0, recovered: 0 }
  ledger.batches.push({
    given,
    state: 'running',
    endedAtMs: undefined,
    stopReason: undefined,
    checkpoint: { read: 0, watermark: 0, map: new Uint8Array(0), cursor: 'null', exhausted: false, tally },
    epoch: 0,
    lease: undefined,
    onCompleteTaken: false,
    items: new Map(),
    successes: new Map(),
    attempts: new Map(),
    payloads: new Map(),
    spool: new Map(),
    series: new Map(),
    signals: [],
  })
}

function recordOf(batch: ModelBatch): BatchRecord {
  return {
    ...batch.given,
    state: batch.state,
    checkpoint: batch.checkpoint,
    epoch: batch.epoch,
    ...(batch.lease ? { lease: batch.lease } : {}),
    ...(batch.endedAtMs === undefined ? {} : { endedAtMs: batch.endedAtMs }),
    ...(batch.stopReason === undefined ? {} : { stopReason: batch.stopReason }),
  }
}

function matchBatch(
  { given, state }: ModelBatch,
  query: Parameters<Runs['list']>[0],
  nowMs: number | undefined,
): boolean {
  const fields = { state: [state], job: [given.job], batch: [given.id], id: [given.id] }
  return matchQuery(
    query,
    { of: 'batches', fields, atMs: given.startedAtMs, text: `${given.id}\n${given.job}\n${given.source}` },
    nowMs,
  )
}

function takeLease(batch: ModelBatch, claim: Claim): Claimed {
  const { lease } = batch
  if (lease && lease.expiresAtMs > claim.nowMs && lease.epoch !== claim.deadEpoch) return { ok: false, lease }
  batch.epoch += 1
  batch.lease = { owner: claim.owner, epoch: batch.epoch, expiresAtMs: claim.expiresAtMs }
  return { ok: true, epoch: batch.epoch }
}

function newestPayloads(batch: ModelBatch, positions: readonly number[]): ReadonlyMap<number, KeptPayload> {
  const found = new Map<number, KeptPayload>()
  for (const position of positions.slice(0, 1_000)) {
    const newest = batch.payloads.get(position)?.at(-1)
    if (!newest) continue
    const { version, body, shown, raw } = newest
    found.set(position, {
      version,
      body,
      ...(shown === undefined ? {} : { shown }),
      ...(raw === undefined ? {} : { raw }),
    })
  }
  return found
}

/** Position by position: slow, and hard to get wrong. */
function count(batch: ModelBatch): Counts {
  const counts = Object.fromEntries(itemStates.map((state) => [state, 0])) as { [State in ItemState]: number }

  const read = Math.max(batch.checkpoint.read, endOf(batch))
  for (let position = 0; position < read; position++) {
    const row = batch.items.get(position)
    counts[row ? row.state : isKnown(batch, position) ? 'succeeded' : 'pending']++
  }
  return { read, ...counts }
}

function groupsOf(ledger: ModelLedger, batchId: string): readonly GroupCount[] {
  batchOf(ledger, batchId)
  const counts = new Map<string, number>()
  for (const { record } of ledger.letters) {
    if (record.batchId !== batchId || (record.state !== 'quarantined' && record.state !== 'discarded')) continue
    counts.set(record.group, (counts.get(record.group) ?? 0) + 1)
  }
  return [...counts]
    .map(([id, count]) => {
      const { title, type, disposition } = ledger.groups.get(id)!
      return { id, title, type, disposition, count }
    })
    .sort((one, other) => other.count - one.count || (one.id < other.id ? -1 : 1))
    .slice(0, 50)
}

function settle(ledger: ModelLedger, batch: ModelBatch, atMs: number): KeptBatchState {
  if (batch.state !== 'completed_with_failures') return batch.state
  const ended: readonly ItemState[] = ['succeeded', 'skipped', 'discarded', 'cancelled', 'compensated']
  if ([...batch.items.values()].some((item) => !ended.includes(item.state))) return batch.state
  batch.state = 'completed'
  const event = {
    type: 'batch',
    from: 'completed_with_failures',
    to: 'completed',
    why: 'its dead letters are resolved',
  } as const
  addChange(ledger, batch.given.id, { atMs, event })
  return batch.state
}

function sorted<Row>(rows: ReadonlyMap<number, Row>): readonly Row[] {
  return [...rows].sort(([one], [other]) => one - other).map(([, row]) => row)
}

function openItem(row: OpenItem): OpenItem {
  const { group, type, disposition, ...open } = row as OpenItem & {
    group?: string
    type?: string
    disposition?: string
  }
  return open
}
