import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StopWhen } from '../model/policy.ts'
import { createStopLimits, type EndedItem } from './stop-limits.ts'

const good: EndedItem = { failed: false }
const bad: EndedItem = { failed: true, type: 'network', disposition: 'transient' }

/** Reasons with the number of the item that they came at. */
function run(stopWhen: StopWhen | undefined, items: readonly EndedItem[]): [number, string][] {
  const limits = createStopLimits(stopWhen)
  return items.flatMap((item, index): [number, string][] => {
    const reason = limits.note(item)
    return reason === undefined ? [] : [[index + 1, reason]]
  })
}
const many = (count: number, item: EndedItem) => new Array<EndedItem>(count).fill(item)

test('without limits nothing stops', () => {
  expect(run(undefined, many(1000, bad))).toEqual([])
  expect(run({}, many(1000, bad))).toEqual([])
})

test('a number of failures stops when it is reached', () => {
  expect(run({ failures: 3 }, [bad, good, bad, good, bad])).toEqual([
    [5, '3 items failed: the limit is 3 (stopWhen.failures)'],
  ])
})

test('a limit of a type counts that type only, beside the total', () => {
  const auth: EndedItem = { failed: true, type: 'auth', disposition: 'fatal' }
  expect(run({ auth: { failures: 1 }, failures: 10 }, [bad, bad, auth])).toEqual([
    [3, '1 item failed with auth: the limit is 1 (stopWhen.auth.failures)'],
  ])
  expect(run({ auth: { failures: 2 }, failures: 3 }, [bad, bad, auth])).toEqual([
    [3, '3 items failed: the limit is 3 (stopWhen.failures)'],
  ])
  expect(run({ fatal: { failures: 2 } }, [auth, bad, auth])).toEqual([
    [3, '2 items failed with fatal: the limit is 2 (stopWhen.fatal.failures)'],
  ])
})

test('a share is not judged before so many items have ended, then on any item', () => {
  const items = [...many(9, bad), good]
  expect(run({ failureRate: 0.5, over: 10 }, items)).toEqual([
    [10, 'at least 5 of the last 10 items failed: the limit is 50 % (stopWhen.failureRate)'],
  ])
})

test('a share looks at the last items only, 100 unless told otherwise', () => {
  expect(
    run({ failureRate: 0.07 }, [...many(6, bad), ...many(94, good), ...many(7, bad)]).map(([item]) => item),
  ).toEqual([107])
  expect(
    run({ failureRate: 0.2, over: 10 }, [bad, ...many(9, good), bad, ...many(8, good), bad]).map(([item]) => item),
  ).toEqual([20])
  expect(
    run({ failureRate: 0.2, over: 10 }, [bad, ...many(9, good), bad, ...many(9, good), bad]).map(([item]) => item),
  ).toEqual([])
})

test.each<[unknown, RegExp]>([
  [{ failures: 0 }, /RD-1101: stopWhen\.failures is 0, not a whole number from 1/],
  [{ failureRate: 20 }, /stopWhen\.failureRate is 20, not a number from 0 to 1/],
  [{ over: 1.5 }, /stopWhen\.over is 1\.5/],
  [{ auth: { failures: -1 } }, /stopWhen\.auth\.failures is -1/],
  [{ auth: 3 }, /stopWhen\.auth is 3, not an object/],
  [{ failurs: 3 }, /RD-1102: stopWhen\.failurs is not known: did you mean 'failures'/],
  [{ auth: { network: {} } }, /RD-1102: stopWhen\.auth\.network is not known/],
  [[], /stopWhen is a list/],
])('%j is refused', (stopWhen, message) => {
  expect(() => createStopLimits(stopWhen as StopWhen)).toThrow(message)
})

const limit = fc.record(
  {
    failures: fc.integer({ min: 1, max: 60 }),
    failureRate: fc.constantFrom(0, 0.01, 0.07, 0.1, 0.29, 1 / 3, 0.5, 0.57, 1),
    over: fc.integer({ min: 1, max: 120 }),
  },
  { requiredKeys: [] },
)
const ended = fc.record({
  failed: fc.boolean(),
  type: fc.constantFrom('network', 'auth', 'timeout'),
  disposition: fc.constantFrom('transient', 'fatal'),
} as const)

test('the first stop comes exactly where a recount of all items says', () => {
  fc.assert(
    fc.property(limit, limit, limit, fc.array(ended, { maxLength: 250 }), (inAll, network, fatal, items) => {
      const stopped = run({ ...inAll, network, fatal }, items).at(0)?.[0]
      const passes = (at: typeof inAll, upTo: readonly EndedItem[], isMeant: (item: EndedItem) => boolean) => {
        const over = at.over ?? 100
        const failed = (list: readonly EndedItem[]) => list.filter((item) => item.failed && isMeant(item)).length
        const last = failed(upTo.slice(-over))
        return (
          failed(upTo) >= (at.failures ?? Number.POSITIVE_INFINITY) ||
          (at.failureRate !== undefined && upTo.length >= over && last > 0 && last / over >= at.failureRate)
        )
      }
      const recounted = items.findIndex((_, index) => {
        const upTo = items.slice(0, index + 1)
        return (
          passes(inAll, upTo, () => true) ||
          passes(network, upTo, (item) => item.type === 'network') ||
          passes(fatal, upTo, (item) => item.disposition === 'fatal')
        )
      })
      expect(stopped).toBe(recounted < 0 ? undefined : recounted + 1)
    }),
    { numRuns: 500 },
  )
})
