/** How fast a count rises, over the last samples. */
export interface RateMeter {
  /** Takes a sample and answers the rate per second over the window; 0 until there are two. */
  add(atMs: number, count: number): number
}

/** `windowMs`: how far back is looked; default 10 s. */
export function createRateMeter(windowMs = 10_000): RateMeter {
  const samples: (readonly [atMs: number, count: number])[] = []
  return {
    add: (atMs, count) => {
      samples.push([atMs, count])
      while (samples.length > 2 && samples[1]![0] <= atMs - windowMs) samples.shift()
      const [fromMs, from] = samples[0]!
      return atMs > fromMs ? Math.max(0, ((count - from) * 1_000) / (atMs - fromMs)) : 0
    },
  }
}
