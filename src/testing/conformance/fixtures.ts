import type { AttemptRecord } from '../../model/attempt.ts'
import type { Classification } from '../../model/classification.ts'
import type { CapturedFailure } from '../../model/failure.ts'
import type { ItemState } from '../../model/item.ts'
import type { OperationRecord } from '../../model/operation.ts'
import { createPositionMap } from '../../model/position-map.ts'
import type { Page, Paged } from '../../store/page.ts'
import type {
  Checkpoint,
  Claim,
  CommitGroup,
  ItemWrite,
  NewBatch,
  NewLetter,
  Owner,
  Progress,
} from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'

export const startMs = 1_800_000_000_000

export const tally = { total: 0, retries: 0, notCounted: 0, recovered: 0 }

export function newBatch(id = 'b_1', more: Partial<NewBatch> = {}): NewBatch {
  return {
    id,
    job: 'orders',
    source: '{"kind":"csv"}',
    spooled: false,
    keepsSuccesses: false,
    secret: [],
    startedAtMs: startMs,
    ...more,
  }
}

export function owner(runnerId = 'r1'): Owner {
  return { host: 'h', bootId: 'boot', pidNamespace: 'ns', pid: 7, processStart: '99', runnerId }
}

export function claimOf(batchId: string, more: Partial<Claim> = {}): Claim {
  return { batchId, owner: owner(), nowMs: startMs, expiresAtMs: startMs + 10_000, ...more }
}

/** A checkpoint at which exactly these positions of the first `read` are known. */
export function checkpointOf(read: number, known: Iterable<number>, more: Partial<Checkpoint> = {}): Checkpoint {
  const map = createPositionMap()
  for (const position of known) map.add(position)
  return {
    read,
    watermark: map.watermark,
    map: map.encode(),
    cursor: `{"position":${map.watermark}}`,
    exhausted: false,
    tally,
    ...more,
  }
}

export function upTo(end: number): readonly number[] {
  return Array.from({ length: end }, (_, position) => position)
}

export function failureOf(code = 'E_COUNTRY', more: Partial<CapturedFailure> = {}): CapturedFailure {
  const fingerprint = `v1:${[...code]
    .reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 0xffffffff, 7)
    .toString(16)
    .padStart(8, '0')}00000000`
  return { name: 'Error', message: `failed with ${code}`, code, causes: [], fingerprint, ...more }
}

export function classified(more: Partial<Classification> = {}): Classification {
  const rest = { recommended: 'Correct the field.', by: 'rule', why: 'rule `zod`' } as const
  return { disposition: 'permanent', type: 'validation', severity: 'error', confidence: 0.9, ...rest, ...more }
}

export function attemptOf(more: Partial<AttemptRecord> = {}): AttemptRecord {
  const failed = {
    failure: failureOf(),
    classification: classified(),
    decision: { kind: 'quarantine', why: 'permanent' },
  } as const
  return { n: 1, generation: 1, startedAtMs: startMs, durationMs: 1.5, outcome: 'failed', ...failed, ...more }
}

export function progressOf(more: Partial<Progress> = {}): Progress {
  return { generation: 1, attempts: 1, counted: { permanent: 1 }, excludedMs: 0, firstFailedAtMs: startMs, ...more }
}

export function letterOf(position: number, more: Partial<NewLetter> = {}): NewLetter {
  const failure = more.failure ?? failureOf()
  return {
    id: `d_${position}`,
    job: 'orders',
    view: 'failed',
    attempts: 1,
    failure,
    classification: classified(),
    group: `E-${failure.fingerprint.slice(3, 11)}`,
    instructions: 'Correct the country.',
    userMessage: 'The order could not be processed.',
    title: failure.message,
    fingerprint: failure.fingerprint,
    ...more,
  }
}

export function writeOf(position: number, from: ItemState, to: ItemState, more: Partial<ItemWrite> = {}): ItemWrite {
  return { position, key: `k${position}`, from, to, progress: progressOf(), ...more }
}

/** An item's first failure, for good. */
export function quarantineOf(position: number, more: Partial<ItemWrite> = {}): ItemWrite {
  const payload = { version: 1, body: JSON.stringify({ id: position, country: 'UK', card: { number: 41 } }) }
  return writeOf(position, 'running', 'quarantined', {
    payload,
    attempt: attemptOf(),
    letter: letterOf(position),
    ...more,
  })
}

/** An item's first failure, to be tried again. */
export function waitOf(position: number, more: Partial<ItemWrite> = {}): ItemWrite {
  const attempt = attemptOf({ decision: { kind: 'retry', delayMs: 100, why: 'transient' } })
  const payload = { version: 1, body: `{"id":${position}}` }
  return writeOf(position, 'running', 'waiting', { payload, attempt, dueAtMs: startMs + 100.5, ...more })
}

export function operationOf(id: string, more: Partial<OperationRecord> = {}): OperationRecord {
  return {
    id,
    kind: 'retry',
    actor: 'ann',
    reason: 'INC-42',
    selection: 'ids',
    state: 'running',
    createdAtMs: startMs + 500,
    ...more,
  }
}

/** Makes a batch, claims it, and answers how to commit to it. */
export async function begin(store: Store, batch: NewBatch = newBatch()): Promise<Begun> {
  await store.runs.create(batch)
  const claimed = await store.runs.claim(claimOf(batch.id))
  if (!claimed.ok) throw new Error('a fresh batch is free')
  const { epoch } = claimed
  return {
    batchId: batch.id,
    epoch,
    commit: (group) => store.runs.commit({ batchId: batch.id, epoch, atMs: startMs + 1, ...group }),
  }
}

export interface Begun {
  readonly batchId: string
  readonly epoch: number
  readonly commit: (group: Partial<CommitGroup>) => Promise<void>
}

/** Makes a batch with dead letters at the first `count` positions. */
export async function beginWithLetters(store: Store, count: number, batch: NewBatch = newBatch()): Promise<Begun> {
  const begun = await begin(store, batch)
  const items = upTo(count).map((position) =>
    quarantineOf(position, { letter: letterOf(position, { id: `d_${batch.id}_${position}` }) }),
  )
  await begun.commit({ items, checkpoint: checkpointOf(count, upTo(count), { exhausted: true }) })
  return begun
}

/** Code of the error that a call rejects with; undefined if it doesn't. */
export async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call
    return undefined
  } catch (thrown) {
    return String((thrown as { code?: unknown }).code)
  }
}

/** All rows of a list, page by page, each of at most `limit`. */
export async function all<Row>(read: (page: Page) => Promise<Paged<Row>>, limit = 3): Promise<readonly Row[]> {
  const rows: Row[] = []
  let page: Page = { limit }
  for (;;) {
    const answer = await read(page)
    if (answer.rows.length > limit)
      throw new Error(`a page of ${answer.rows.length} rows, though at most ${limit} were asked for`)
    rows.push(...answer.rows)
    if (answer.next === undefined) return rows
    page = { limit, after: answer.next }
  }
}
