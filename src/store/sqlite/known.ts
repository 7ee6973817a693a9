import { knownRanges } from '../../model/position-map.ts'

/** Rising ranges of positions, both ends included. */
export type Ranges = readonly (readonly [from: number, to: number])[]

/** Known positions of a checkpoint as ranges; neighbours are joined. */
export function rangesOf(checkpoint: { readonly watermark: number; readonly map: Uint8Array }): Ranges {
  const { watermark } = checkpoint
  const above = knownRanges(checkpoint.map).map(([from, to]) => [watermark + from, watermark + to] as const)
  const first = above[0]
  if (watermark === 0) return above
  if (first && first[0] === watermark) return [[0, first[1]], ...above.slice(1)]
  return [[0, watermark - 1], ...above]
}

/** Whether a position lies in one of the ranges; found by halving. */
export function includes(ranges: Ranges, position: number): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = ranges[middle]!
    if (position < from) high = middle - 1
    else if (position > to) low = middle + 1
    else return true
  }
  return false
}

/** How many positions lie in the ranges. */
export function sizeOf(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
}

/** What of the ranges lies between two positions, both included. */
export function within(ranges: Ranges, from: number, to: number): Ranges {
  const cut: (readonly [number, number])[] = []
  for (const range of ranges) {
    const low = Math.max(range[0], from)
    const high = Math.min(range[1], to)
    if (low <= high) cut.push([low, high])
  }
  return cut
}
