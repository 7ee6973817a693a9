import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHoldQueue } from './hold.ts'

const acts = fc.array(fc.tuple(fc.constantFrom('push', 'pushBack', 'shift', 'remove'), fc.nat(12)), { maxLength: 300 })

test('law: it is a list without doubles, first in, first out', () => {
  fc.assert(
    fc.property(acts, (walk) => {
      const queue = createHoldQueue()
      let list: number[] = []
      for (const [act, position] of walk) {
        if (act === 'push') {
          queue.push(position)
          if (!list.includes(position)) list.push(position)
        }
        if (act === 'pushBack') {
          queue.pushBack(position)
          list = [...list.filter((held) => held !== position), position]
        }
        if (act === 'shift') expect(queue.shift()).toBe(list.shift())
        if (act === 'remove') {
          expect(queue.remove(position)).toBe(list.includes(position))
          list = list.filter((held) => held !== position)
        }
        expect([...queue.positions()]).toEqual(list)
        expect(queue.size).toBe(list.length)
        expect(queue.has(position)).toBe(list.includes(position))
      }
    }),
  )
})
