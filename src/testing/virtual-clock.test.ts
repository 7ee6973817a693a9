import { expect, test } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'

test('timers run in the order of their times, each at its own time', async () => {
  const clock = createVirtualClock({ startMs: 1_000 })
  const ran: (readonly [string, number])[] = []
  const note = (name: string) => () => ran.push([name, clock.monotonicMs()])
  clock.setTimer(note('late'), 30)
  clock.setTimer(note('first'), 10)
  clock.setTimer(note('second'), 10)
  const cancel = clock.setTimer(note('never'), 20)
  cancel()
  cancel()
  await clock.advance(29)
  expect(ran).toEqual([
    ['first', 10],
    ['second', 10],
  ])
  expect([clock.monotonicMs(), clock.wallMs(), clock.timers]).toEqual([29, 1_029, 1])
  await clock.advance(1)
  expect(ran.at(-1)).toEqual(['late', 30])
})

test('what a timer sets in motion goes on before the next timer', async () => {
  const clock = createVirtualClock()
  const ran: string[] = []
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.setTimer(resolve, ms))
  const run = async (name: string, ms: number) => {
    for (const _ of [1, 2, 3]) {
      await sleep(ms)
      ran.push(`${name}${clock.monotonicMs()}`)
    }
  }
  const both = Promise.all([run('a', 10), run('b', 15)])
  await clock.advance(100)
  await both
  expect(ran).toEqual(['a10', 'b15', 'a20', 'b30', 'a30', 'b45'])
})

test('a jump of the wall clock moves no timer and not the monotonic clock', async () => {
  const clock = createVirtualClock({ startMs: 5_000 })
  let ran = 0
  clock.setTimer(() => ran++, 10)
  clock.jumpWall(-3_600_000)
  expect([clock.wallMs(), clock.monotonicMs()]).toEqual([5_000 - 3_600_000, 0])
  clock.jumpWall(7_200_000)
  await clock.advance(9)
  expect(ran).toBe(0)
  await clock.advance(1)
  expect(ran).toBe(1)
})
