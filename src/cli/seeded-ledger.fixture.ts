import type { Classification } from '../model/classification.ts'
import type { CapturedFailure } from '../model/failure.ts'
import { groupId } from '../model/ids.ts'
import { createPositionMap } from '../model/position-map.ts'
import type { Checkpoint, CommitGroup, ItemWrite, Owner } from '../store/runs.ts'
import type { Store } from '../store/store.ts'

/** When the seeded ledger is looked at. */
export const now = Date.UTC(2026, 10, 23, 12, 0, 0)
const started = Date.UTC(2026, 10, 23, 9, 0, 0)

/** Batch that finished with failures: 1,000 items, 3 in quarantine, 1 skipped, 1 recovered. */
export const finished = 'b_0000001aaaaaa'
/** Batch that no living process runs: 10 succeeded, 2 held, 1 waiting. */
export const dead = 'b_0000002bbbbbb'
/** Batch that another machine runs. */
export const alive = 'b_0000003cccccc'
/** Of a row with a bad country. */
export const letterCountry = 'd_0000001aaaaaa'
/** Of another of the same cause. */
export const letterCountry2 = 'd_0000002bbbbbb'
/** Of a row that could not be read. */
export const letterRaw = 'd_0000003cccccc'

const owner: Owner = { host: 'elsewhere', bootId: 'x', pidNamespace: '', pid: 7, processStart: '1', runnerId: 'r' }

const failureOf = (message: string, hex: string, more: Partial<CapturedFailure> = {}): CapturedFailure => ({
  name: 'Error',
  message,
  causes: [],
  fingerprint: `v1:${hex}`,
  ...more,
})
const classOf = (more: Partial<Classification>): Classification => ({
  disposition: 'permanent',
  type: 'validation',
  severity: 'error',
  confidence: 0.95,
  recommended: 'Repair the country.',
  by: 'rule',
  why: 'rule schema/issues: 1 issue',
  ...more,
})

export const countryFailure = failureOf('country must be one of DE, GB, US', '1a2b3c4d00000000', {
  code: 'invalid_enum',
  causes: [failureOf('issue at country \u001b[31m', 'aaaaaaaa00000000', { name: 'ZodIssue' })],
})
export const rawFailure = failureOf('quote not closed', '99887766aabbccdd', { code: 'CSV_QUOTE' })

const progress = (attempts: number, generation = 1) => ({ generation, attempts, counted: {}, excludedMs: 0 })

function deadLetter(id: string, position: number, key: string, payload: object): ItemWrite {
  const classification = classOf({})
  return {
    position,
    key,
    from: 'running',
    to: 'quarantined',
    progress: progress(1),
    dependency: 'orders-api',
    payload: {
      version: 1,
      body: JSON.stringify({ ...payload, card: '4111111111111111' }),
      shown: JSON.stringify({ ...payload, card: '‹card:1›' }),
    },
    attempt: {
      n: 1,
      generation: 1,
      startedAtMs: started + 1_000,
      durationMs: 12,
      outcome: 'failed',
      failure: countryFailure,
      classification,
      decision: { kind: 'quarantine', why: 'validation is permanent' },
    },
    letter: {
      id,
      job: 'orders',
      view: 'failed',
      attempts: 1,
      failure: countryFailure,
      classification,
      group: groupId(countryFailure.fingerprint),
      title: countryFailure.message,
      fingerprint: countryFailure.fingerprint,
      instructions: 'Repair the country, then retry.',
      userMessage: 'The country of this order is not valid.',
      line: position + 2,
      byte: position * 100,
    },
  }
}

function rawLetter(): ItemWrite {
  const classification = classOf({
    type: 'parsing',
    recommended: 'Close the quote.',
    why: 'rule csv/quote: code CSV_QUOTE',
    code: 'CSV_QUOTE',
  })
  return {
    position: 300,
    key: '',
    from: 'pending',
    to: 'quarantined',
    progress: progress(0),
    payload: { version: 1, body: null, raw: '301,"=SUM(A1)\u001b' },
    letter: {
      id: letterRaw,
      job: 'orders',
      view: 'failed',
      attempts: 0,
      failure: rawFailure,
      classification,
      group: groupId(rawFailure.fingerprint),
      title: rawFailure.message,
      fingerprint: rawFailure.fingerprint,
      instructions: 'Repair the row, then retry.',
      userMessage: 'A row of the file could not be read.',
      raw: '301,"=SUM(A1)\u001b',
      line: 302,
      byte: 30_000,
    },
  }
}

function recovered(): ItemWrite[] {
  const failure = failureOf('read ECONNRESET', 'cccccccc00000000', { code: 'ECONNRESET' })
  const classification = classOf({ type: 'network', disposition: 'transient', severity: 'warning' })
  const head = { position: 500, key: 'ORD-500', dependency: 'orders-api' }
  const attempt = { generation: 1, startedAtMs: started + 2_000, durationMs: 30.4 }
  return [
    {
      ...head,
      from: 'running',
      to: 'waiting',
      progress: progress(1),
      dueAtMs: started + 3_000,
      payload: { version: 1, body: '{"id":500}' },
      attempt: {
        ...attempt,
        n: 1,
        outcome: 'failed',
        failure,
        classification,
        decision: { kind: 'retry', delayMs: 100, countedUnder: 'transient', why: 'attempt 1 of 5' },
      },
    },
    { ...head, from: 'waiting', to: 'running', progress: progress(2) },
    {
      ...head,
      from: 'running',
      to: 'succeeded',
      progress: progress(2),
      attempt: { ...attempt, n: 2, outcome: 'succeeded', decision: { kind: 'succeed', why: 'the handler answered' } },
    },
  ]
}

const checkpoint = (read: number, known: readonly number[], change: Partial<Checkpoint> = {}): Checkpoint => {
  const map = createPositionMap()
  for (const position of known) map.add(position)
  return {
    read,
    watermark: map.watermark,
    map: map.encode(),
    cursor: '{"position":0}',
    exhausted: false,
    tally: { total: read, retries: 0, notCounted: 0, recovered: 0 },
    ...change,
  }
}

async function batch(
  store: Store,
  id: string,
  { job, startedAtMs, expiresAtMs }: { job: string; startedAtMs: number; expiresAtMs: number },
  groups: readonly Omit<CommitGroup, 'batchId' | 'epoch'>[],
): Promise<void> {
  await store.runs.create({
    id,
    job,
    source: `{"name":"${job}.csv"}`,
    spooled: false,
    keepsSuccesses: false,
    secret: [],
    startedAtMs,
  })
  const claimed = await store.runs.claim({ batchId: id, owner, nowMs: startedAtMs, expiresAtMs })
  if (!claimed.ok) throw new Error('not claimed')
  for (const group of groups) await store.runs.commit({ batchId: id, epoch: claimed.epoch, ...group })
}

const range = (to: number) => Array.from({ length: to }, (_, i) => i)

async function seedFinished(store: Store): Promise<void> {
  await batch(store, finished, { job: 'orders', startedAtMs: started, expiresAtMs: started + 10_000 }, [
    {
      atMs: started + 5_000,
      items: [
        deadLetter(letterCountry, 17, 'ORD-17', { id: 17, country: 'UK' }),
        deadLetter(letterCountry2, 18, '=cmd', { id: 18, country: 'XX' }),
        rawLetter(),
        { position: 400, key: 'ORD-400', from: 'pending', to: 'skipped', progress: progress(0) },
        ...recovered(),
      ],
      failures: [
        {
          group: groupId(countryFailure.fingerprint),
          fingerprint: countryFailure.fingerprint,
          title: countryFailure.message,
          type: 'validation',
          disposition: 'permanent',
          count: 2,
        },
      ],
    },
    {
      atMs: started + 38_000,
      checkpoint: checkpoint(1_000, range(1_000), {
        exhausted: true,
        tally: { total: 999, retries: 1, notCounted: 0, recovered: 1 },
      }),
      batch: { from: 'running', to: 'completed_with_failures', endedAtMs: started + 38_000 },
    },
  ])
}

async function seedDead(store: Store): Promise<void> {
  await batch(store, dead, { job: 'orders', startedAtMs: started + 3_600_000, expiresAtMs: started + 3_610_000 }, [
    {
      atMs: started + 3_605_000,
      items: [
        {
          position: 4,
          key: 'ORD-4',
          from: 'running',
          to: 'held',
          progress: progress(1),
          dependency: 'orders-api',
          payload: { version: 1, body: '{"id":4,"at":{"$date":"2026-01-02T03:04:05.000Z"}}' },
        },
        {
          position: 5,
          key: 'ORD-5',
          from: 'running',
          to: 'held',
          progress: progress(1),
          dependency: 'orders-api',
          payload: { version: 1, body: '{"id":5}' },
        },
        {
          position: 6,
          key: 'ORD-6',
          from: 'running',
          to: 'waiting',
          progress: progress(1),
          dueAtMs: started + 3_700_000,
          payload: { version: 1, body: '{"id":6}' },
        },
      ],
      checkpoint: checkpoint(
        14,
        [...range(12), 13].filter((position) => position !== 7),
      ),
    },
  ])
}

/** Three batches with all that the read-only commands show. */
export async function seed(store: Store): Promise<void> {
  await seedFinished(store)
  await seedDead(store)
  await batch(store, alive, { job: 'mail', startedAtMs: now - 60_000, expiresAtMs: now + 5_000 }, [
    { atMs: now - 1_000, checkpoint: checkpoint(100, range(100), { exhausted: true }) },
  ])
  await store.cells.put({
    key: 'breaker/orders/orders-api',
    version: 0,
    value: JSON.stringify({ phase: 'open', openUntilWallMs: now + 3_000, why: '52 of 100 calls failed', epoch: 4 }),
  })
  await store.cells.put({ key: 'breaker/mail/smtp', version: 0, value: 'not json' })
}
