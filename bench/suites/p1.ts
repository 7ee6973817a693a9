import { overheadGoal, ratioGoal } from '../goals.ts'
import { runTrial } from '../run-trial.ts'
import type { Entrant, Suite } from '../suite.ts'

const CONTESTANTS = [
  ['hand-written pool', 'pool'],
  ['fastq', 'fastq'],
  ['p-map', 'p-map'],
  ['p-retry in p-map', 'p-retry'],
  ['cockatiel retry+breaker', 'cockatiel'],
  ['cockatiel retry+breaker+timeout', 'cockatiel-timeout'],
  ['opossum breaker+timeout', 'opossum'],
  ['Effect retry+timeout', 'effect'],
  ['redrive', 'redrive'],
  ['redrive with ctx.call', 'redrive-call'],
] as const

/** In memory, on a handler that does nothing: what the machinery itself costs. */
export function inMemory(isQuick: boolean): Suite {
  const count = isQuick ? 2_000 : 500_000
  const warmUp = isQuick ? 200 : 100_000
  return {
    id: 'P1',
    title: 'In memory, a no-op async handler at concurrency 16',
    how: `${count} items from an array; before that, in the same process, ${warmUp} to warm up. redrive runs with timeout, classification, retry and breaker on, from start() to the report. cockatiel and opossum run in the hand-written pool.`,
    unit: 'ns per item',
    rounds: isQuick ? 1 : 7,
    reference: 'p-map',
    contestants: CONTESTANTS.map(([name, contestant]) => entrant(name, { contestant, count, warmUp })),
    goals: [
      ratioGoal("no-op handler: at most 0.6 × p-map's time", { above: 'redrive', below: 'p-map', atMost: 0.6 }),
      ratioGoal("with one ctx.call: at most 1.2 × p-map's time", {
        above: 'redrive with ctx.call',
        below: 'p-map',
        atMost: 1.2,
      }),
      ratioGoal('with one ctx.call: at least 14 × faster than cockatiel with retry, breaker and timeout', {
        above: 'cockatiel retry+breaker+timeout',
        below: 'redrive with ctx.call',
        atLeast: 14,
      }),
    ],
  }
}

/** The same beside real work: 100 µs of processor time in each handler. */
export function overhead(isQuick: boolean): Suite {
  const count = isQuick ? 500 : 10_000
  const warmUp = isQuick ? 100 : 2_000
  return {
    id: 'P1',
    title: 'In memory, a handler that takes 100 µs of processor time',
    how: `${count} items from an array, ${warmUp} to warm up. The handler watches the clock until 100 µs have passed.`,
    unit: 'ns per item',
    rounds: isQuick ? 2 : 20,
    reference: 'hand-written pool',
    contestants: [
      entrant('hand-written pool', { contestant: 'pool-busy', count, warmUp }),
      entrant('redrive', { contestant: 'redrive-busy', count, warmUp }),
    ],
    goals: [
      overheadGoal('overhead below 2 % (95 % interval of 20 interleaved runs)', {
        above: 'redrive',
        below: 'hand-written pool',
        lessThan: 0.02,
        roundsMin: 20,
      }),
    ],
  }
}

function entrant(name: string, options: { contestant: string; count: number; warmUp: number }): Entrant {
  return { name, sample: () => runTrial({ ...options, unit: 'ns per item' }) }
}
