import type { Clock } from '../model/clock.ts'

/** Calls that wait for room at a dependency, first come first served. */
export interface Line {
  readonly size: number
  /** `turn`: go on; `too long`: the limit has passed; rejects with the signal's reason. */
  stand(signal: AbortSignal): Promise<'turn' | 'too long'>
  /** Lets the first `count` go on; answers how many that were. */
  advance(count: number): number
}

interface Place {
  readonly leave: (how: 'turn' | 'too long' | 'aborted') => void
}

export function createLine(clock: Clock, limitMs: number): Line {
  const places = new Set<Place>()
  return {
    get size() {
      return places.size
    },
    stand: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const abort = () => place.leave('aborted')
        const cancel = clock.setTimer(() => place.leave('too long'), limitMs)
        const place: Place = {
          leave(how) {
            if (!places.delete(place)) return
            cancel()
            signal.removeEventListener('abort', abort)
            if (how === 'aborted') reject(signal.reason as Error)
            else resolve(how)
          },
        }
        places.add(place)
        signal.addEventListener('abort', abort, { once: true })
      }),
    advance(count) {
      let gone = 0
      for (const place of places) {
        if (gone >= count) break
        place.leave('turn')
        gone++
      }
      return gone
    },
  }
}
