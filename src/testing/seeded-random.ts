/** Dice that fall the same way for the same seed: sfc32 by Chris Doty-Humphrey, of PractRand (https://pracrand.sourceforge.net/RNG_engines.txt). */
export interface SeededRandom {
  /** 0 (included) to 1 (excluded), with 32 bits. */
  (): number
  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** One of the entries; undefined if there are none. */
  pick<Value>(values: readonly Value[]): Value | undefined
}

/** `seed`: any integer; its low 32 bits count. */
export function createSeededRandom(seed: number): SeededRandom {
  let a = 0
  let b = seed | 0
  let c = 0
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  // So that neighbouring seeds have nothing in common.
  for (let round = 0; round < 15; round++) next()
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return Object.assign(next, {
    integer,
    pick: <Value>(values: readonly Value[]) => values[integer(0, values.length - 1)],
  })
}
