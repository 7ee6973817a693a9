import { type ItemState, itemStates } from '../../model/item.ts'
import type { ItemWrite, KeptSuccess } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts'
import {
  attemptOf,
  type Begun,
  begin,
  checkpointOf,
  letterOf,
  newBatch,
  operationOf,
  progressOf,
  startMs,
  upTo,
  writeOf,
} from './fixtures.ts'
import { type StoreTest, test } from './store-test.ts'

const steps = 60
const itemCount = 40

/** I1: at any time each position that was read is in exactly one state, whatever happened; checked against a map from position to state. */
export const conservationTests: readonly StoreTest[] = [
  ...[1, 2, 3, 4, 5, 6].map((seed) =>
    test(`counts and items agree with an oracle at each step of a random walk, seed ${seed}`, async (store, expect) => {
      const walk = await beginWalk(store, createSeededRandom(seed))
      for (const step of upTo(steps)) {
        await takeStep(walk, step)
        const counts = await store.runs.counts('b_1')
        expect(counts).toEqual(countsOf(walk))
        expect(itemStates.reduce((sum, state) => sum + counts[state], 0)).toBe(counts.read)
        expect(await statesIn(store)).toEqual(listedStates(walk))
      }
      expect(await store.check()).toEqual([])
    }),
  ),
]

interface Walk {
  readonly store: Store
  readonly begun: Begun
  readonly random: SeededRandom
  read: number
  /** The oracle: positions without an entry are pending. */
  readonly states: Map<number, ItemState>
  readonly generations: Map<number, number>
  readonly rows: Set<number>
}

async function beginWalk(store: Store, random: SeededRandom): Promise<Walk> {
  const begun = await begin(store, newBatch('b_1', { keepsSuccesses: true }))
  return { store, begun, random, read: 0, states: new Map(), generations: new Map(), rows: new Set() }
}

async function takeStep(walk: Walk, step: number): Promise<void> {
  if (walk.random.integer(0, 5) === 0) await actOnLetters(walk, step)
  else await commitSome(walk)
}

/** One group: some items move on, some plain successes, some kept ones, and the checkpoint that covers them. */
async function commitSome(walk: Walk): Promise<void> {
  walk.read = Math.min(itemCount, walk.read + walk.random.integer(0, 3))
  const items: ItemWrite[] = []
  const successes: KeptSuccess[] = []
  for (const _ of upTo(walk.random.integer(0, 6))) {
    if (walk.read === 0) break
    const position = walk.random.integer(0, walk.read - 1)
    if (walk.states.has(position) || walk.random.integer(0, 2) === 0) moveRow(walk, position, items)
    else {
      walk.states.set(position, 'succeeded')
      if (walk.random.integer(0, 1) === 0) successes.push({ position, key: `k${position}`, attempts: 1, atMs: startMs })
    }
  }
  const known = [...walk.states.keys()]
  await walk.begun.commit({ items, successes, checkpoint: checkpointOf(walk.read, known) })
}

/** Where an item may go from a state in a commit. */
const ways: { readonly [State in ItemState]?: readonly ItemState[] } = {
  pending: ['running', 'cancelled', 'skipped'],
  running: ['succeeded', 'skipped', 'waiting', 'held', 'quarantined', 'pending', 'cancelled'],
  waiting: ['running', 'held', 'cancelled'],
  held: ['running', 'cancelled'],
}

function moveRow(walk: Walk, position: number, items: ItemWrite[]): void {
  const had = walk.states.get(position)
  if (had === 'succeeded' && !walk.rows.has(position)) return
  const from = had ?? (walk.random.integer(0, 1) === 0 ? 'pending' : 'running')
  const to = walk.random.pick(ways[from] ?? [])
  if (!to) return
  const generation = walk.generations.get(position) ?? 1
  const failed =
    to === 'quarantined'
      ? { letter: letterOf(position), attempt: attemptOf({ generation }), payload: { version: 1, body: '{}' } }
      : {}
  items.push(writeOf(position, from, to, { progress: progressOf({ generation }), ...failed }))
  walk.rows.add(position)
  walk.states.set(position, to)
}

async function actOnLetters(walk: Walk, step: number): Promise<void> {
  const { store, random } = walk
  const letters = (await store.letters.list(undefined, {})).rows
  const ids = letters.filter(() => random.integer(0, 1) === 0).map((letter) => letter.id)
  const kind = random.pick(['retry', 'discard', 'undiscard'] as const)!
  const operation = operationOf(`o_${step}`, { kind })
  const act =
    kind === 'retry'
      ? store.operations.beginRetry
      : kind === 'discard'
        ? store.operations.discard
        : store.operations.undiscard
  const { taken } = await act(operation, ids)
  for (const { position } of taken) {
    if (kind === 'retry') walk.generations.set(position, (walk.generations.get(position) ?? 1) + 1)
    walk.states.set(position, kind === 'retry' ? 'pending' : kind === 'discard' ? 'discarded' : 'quarantined')
  }
}

function countsOf(walk: Walk): unknown {
  const counts = Object.fromEntries(itemStates.map((state) => [state, 0])) as { [State in ItemState]: number }
  for (const position of upTo(walk.read)) counts[walk.states.get(position) ?? 'pending']++
  return { read: walk.read, ...counts }
}

function listedStates(walk: Walk): ReadonlyMap<number, string> {
  return new Map([...walk.states].sort(([one], [other]) => one - other))
}

async function statesIn(store: Store): Promise<ReadonlyMap<number, string>> {
  const states = new Map<number, string>()
  for (const line of (await store.runs.items('b_1', undefined, {})).rows) {
    const [from, to] = 'positions' in line ? line.positions : [line.position, line.position]
    for (let position = from; position <= to; position++) states.set(position, line.state)
  }
  return states
}
