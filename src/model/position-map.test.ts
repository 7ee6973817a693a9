import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPositionMap, knownRanges } from './position-map.ts'

test('the watermark is the first position that is not known, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6000), { maxLength: 300 }), fc.nat(10), (positions, start) => {
      const map = createPositionMap(start)
      const known = new Set<number>()
      for (const position of positions) {
        map.add(position)
        if (position >= start) known.add(position)
      }
      let watermark = start
      while (known.has(watermark)) watermark++
      expect(map.watermark).toBe(watermark)
      for (let position = 0; position < 6010; position += 7)
        expect(map.has(position)).toBe(position < start || known.has(position))
    }),
  )
})

test('what is encoded comes back the same, also after the ring has grown and turned', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 400 }), fc.nat(30_000), (offsets, start) => {
      const map = createPositionMap(start)
      for (const offset of offsets) map.add(start + offset)
      const again = createPositionMap(map.watermark, map.encode())
      expect(again.watermark).toBe(map.watermark)
      expect(again.end).toBe(map.end)
      expect(knownRanges(again.encode())).toEqual(knownRanges(map.encode()))
      for (const offset of offsets) expect(again.has(start + offset)).toBe(true)
    }),
  )
})

test('scattered positions are kept as a bitmap, long runs as runs', () => {
  const scattered = createPositionMap()
  for (let i = 1; i < 800; i += 2) scattered.add(i)
  expect(scattered.encode().length).toBe(101)
  const run = createPositionMap()
  for (let i = 1; i < 5000; i++) run.add(i)
  expect(run.encode().length).toBeLessThan(8)
  expect(knownRanges(run.encode())).toEqual([[1, 4999]])
})
