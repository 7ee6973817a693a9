/**
 * Which positions of a batch are known: those that have succeeded or have a row. Kept as a watermark, below which all
 * are known, and a map of the known ones from there on (after Confluent's parallel consumer, which keeps offsets so).
 */
export interface PositionMap {
  /** First position that is not known. */
  readonly watermark: number
  /** One more than the highest known position; the watermark if none lies above it. */
  readonly end: number
  has(position: number): boolean
  /** Makes a position known; again is the same as once. */
  add(position: number): void
  /** The known positions from the watermark on, as bytes: a bitmap or runs, whichever is smaller; empty if there are none. */
  encode(): Uint8Array
}

const BITMAP = 0
const RUNS = 1

/** A map with everything below `watermark` known, and what `encoded` holds from there on. */
export function createPositionMap(watermark = 0, encoded: Uint8Array = new Uint8Array(0)): PositionMap {
  const map = new BitRing(watermark)
  for (const [from, to] of knownRanges(encoded))
    for (let offset = from; offset <= to; offset++) map.add(watermark + offset)
  return map
}

/** Ranges of known positions in an encoded map, both ends included, as offsets from its watermark; rising. */
export function knownRanges(encoded: Uint8Array): (readonly [from: number, to: number])[] {
  if (encoded.length === 0) return []
  return encoded[0] === RUNS ? decodeRuns(encoded) : decodeBitmap(encoded)
}

/** Known positions are bits of a ring, so that the watermark moves on without copying. */
class BitRing implements PositionMap {
  watermark: number
  end: number
  private bits = new Uint8Array(1 << 12)
  private mask = (1 << 12) - 1

  constructor(watermark: number) {
    this.watermark = watermark
    this.end = watermark
  }

  has(position: number): boolean {
    if (position < this.watermark) return true
    return position < this.end && this.bits[position & this.mask] === 1
  }

  add(position: number): void {
    if (position < this.watermark) return
    if (position === this.watermark) {
      this.advance()
      return
    }
    while (position - this.watermark > this.mask) this.grow()
    this.bits[position & this.mask] = 1
    if (position >= this.end) this.end = position + 1
  }

  encode(): Uint8Array {
    const span = this.end - this.watermark
    if (span === 0) return new Uint8Array(0)
    const bitmap = new Uint8Array(1 + Math.ceil(span / 8))
    bitmap[0] = BITMAP
    for (let offset = 0; offset < span; offset++) {
      if (this.bits[(this.watermark + offset) & this.mask] === 1) bitmap[1 + (offset >> 3)]! |= 1 << (offset & 7)
    }
    const runs = encodeRuns(decodeBitmap(bitmap))
    return runs.length < bitmap.length ? runs : bitmap
  }

  private advance(): void {
    const { bits, mask } = this
    let next = this.watermark + 1
    while (next < this.end && bits[next & mask] === 1) {
      bits[next & mask] = 0
      next++
    }
    this.watermark = next
    if (this.end < next) this.end = next
  }

  private grow(): void {
    const bits = new Uint8Array(this.bits.length * 2)
    const mask = bits.length - 1
    for (let position = this.watermark; position < this.end; position++)
      bits[position & mask] = this.bits[position & this.mask]!
    this.bits = bits
    this.mask = mask
  }
}

function decodeBitmap(encoded: Uint8Array): [number, number][] {
  const ranges: [number, number][] = []
  let from = -1
  const span = (encoded.length - 1) * 8
  for (let offset = 0; offset <= span; offset++) {
    const known = offset < span && (encoded[1 + (offset >> 3)]! & (1 << (offset & 7))) !== 0
    if (known && from < 0) from = offset
    if (!known && from >= 0) {
      ranges.push([from, offset - 1])
      from = -1
    }
  }
  return ranges
}

/** Pairs of unsigned LEB128 numbers: how many unknown positions lie between, how many known ones follow. */
function encodeRuns(ranges: readonly (readonly [number, number])[]): Uint8Array {
  const bytes: number[] = [RUNS]
  let last = 0
  for (const [from, to] of ranges) {
    pushVarint(bytes, from - last)
    pushVarint(bytes, to - from + 1)
    last = to + 1
  }
  return Uint8Array.from(bytes)
}

function decodeRuns(encoded: Uint8Array): [number, number][] {
  const ranges: [number, number][] = []
  let at = 1
  const read = () => {
    let value = 0
    for (let factor = 1; at < encoded.length; factor *= 128) {
      const byte = encoded[at++]!
      value += (byte & 127) * factor
      if (byte < 128) break
    }
    return value
  }
  let position = 0
  while (at < encoded.length) {
    const from = position + read()
    position = from + read()
    ranges.push([from, position - 1])
  }
  return ranges
}

function pushVarint(bytes: number[], value: number): void {
  while (value >= 128) {
    bytes.push((value % 128) + 128)
    value = Math.floor(value / 128)
  }
  bytes.push(value)
}
