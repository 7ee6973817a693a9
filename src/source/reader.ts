import type { Chunk, Reader } from './source.ts'

/** What a reader is made of. */
export interface Production {
  /** The next chunk; undefined at the end. Never called while one is under way. */
  produce(): Promise<Chunk | undefined>
  /** Lets go of handles; called once. */
  release(): Promise<void>
}

/** Gives chunks until the end, an error or `close`, each of which releases the source once. */
export function makeReader({ produce, release }: Production): Reader {
  let released: Promise<void> | undefined
  let underWay: ((end: undefined) => void) | undefined
  const close = (): Promise<void> => {
    underWay?.(undefined)
    released ??= release()
    return released
  }
  return {
    close,
    next() {
      if (released) return Promise.resolve(undefined)
      return new Promise((resolve, reject) => {
        underWay = resolve
        produce().then(
          async (chunk) => {
            underWay = undefined
            if (chunk === undefined) await close().catch(() => {})
            resolve(chunk)
          },
          async (error: unknown) => {
            underWay = undefined
            // after close() the answer was given: undefined
            await close().catch(() => {})
            reject(error)
          },
        )
      })
    },
  }
}
