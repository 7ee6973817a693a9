import { notMeasured, ratioGoal } from '../goals.ts'
import { runTrial } from '../run-trial.ts'
import type { Entrant, Suite } from '../suite.ts'

/** Durable in groups, from a file. */
export function durable(isQuick: boolean): Suite {
  const count = isQuick ? 20_000 : 1_000_000
  const queued = isQuick ? 1_000 : 50_000
  return {
    id: 'P2',
    title: 'Durable in SQLite (FULL), from a file of JSON lines',
    how: `${count} rows of about 100 bytes (plainjob: ${queued}, inserted in groups of 1,000 and processed, NORMAL), no-op handler, concurrency 16; a tenth of that to warm up. redrive guarantees per group of at most 1,000 items, a queue per job. "In memory" floors don't read the file.`,
    unit: 'items/s',
    rounds: isQuick ? 1 : 5,
    reference: 'checkpoint only, items in memory',
    contestants: [
      entrant('checkpoint only, items in memory', { contestant: 'checkpoint-only', count }),
      entrant('checkpoint only, from the file (readline)', {
        contestant: 'checkpoint-only-file',
        count,
        fromFile: true,
      }),
      entrant('a row for each item, items in memory', { contestant: 'row-per-item', count }),
      entrant('plainjob', { contestant: 'plainjob', count: queued, fromFile: true }),
      entrant('redrive', { contestant: 'redrive-sqlite', count, fromFile: true }),
    ],
    goals: [
      ratioGoal('at least 40 % of the checkpoint-only floor, though that reads no file', {
        above: 'redrive',
        below: 'checkpoint only, items in memory',
        atLeast: 0.4,
      }),
      ratioGoal('the same, against the floor that reads the file too', {
        above: 'redrive',
        below: 'checkpoint only, from the file (readline)',
        atLeast: 0.4,
      }),
      notMeasured('at least 60 × the items/s of BullMQ with AOF', 'needs a Redis server'),
      notMeasured('at least 25 × the items/s of graphile-worker with its local queue', 'needs a PostgreSQL server'),
    ],
  }
}

/** A commit for each item. */
export function durableEach(isQuick: boolean): Suite {
  const count = isQuick ? 500 : 50_000
  return {
    id: 'P2b',
    title: "Durable one by one: `durability: 'each'`",
    how: `${count} rows from a file (FULL commits: from an array), no-op handler, concurrency 16; a tenth of that to warm up. plainjob as above, with SQLite NORMAL; redrive and the bare commits (one UPDATE each) with FULL.`,
    unit: 'items/s',
    rounds: isQuick ? 1 : 5,
    reference: 'FULL commits of this disk',
    contestants: [
      entrant('FULL commits of this disk', { contestant: 'full-commits', count }),
      entrant('plainjob (NORMAL)', { contestant: 'plainjob', count, fromFile: true }),
      entrant('redrive', { contestant: 'redrive-each', count, fromFile: true }),
    ],
    goals: [
      ratioGoal('at least 1 × plainjob', { above: 'redrive', below: 'plainjob (NORMAL)', atLeast: 1 }),
      ratioGoal("at least 0.8 × this disk's FULL commits", {
        above: 'redrive',
        below: 'FULL commits of this disk',
        atLeast: 0.8,
      }),
    ],
  }
}

function entrant(name: string, options: { contestant: string; count: number; fromFile?: boolean }): Entrant {
  return { name, sample: () => runTrial({ ...options, warmUp: Math.ceil(options.count / 10), unit: 'items/s' }) }
}
