import { RedriveError } from '../model/redrive-error.ts'
import type { ByteFeed } from './byte-window.ts'
import type { ByteStream } from './declared-source.ts'
import { describe } from './describe.ts'
import { pull } from './pull.ts'

/** Reads chunks of bytes or text as they come; asks for the next one only when the last is used up. Text is taken as UTF-8. */
export function streamFeed(stream: ByteStream): ByteFeed {
  const chunks = pull(stream)
  let rest: Uint8Array = new Uint8Array(0)
  // the first half of a character beyond U+FFFF, cut by the border of two text chunks
  let half = ''
  const bytesOf = (chunk: unknown): Uint8Array => {
    if (chunk instanceof Uint8Array) return chunk
    if (typeof chunk !== 'string') {
      throw new RedriveError('RD-1202', {
        what: `the stream gave ${describe(chunk)}; bytes or text are read`,
        fix: 'Use from(stream) for a stream of objects.',
      })
    }
    const text = half + chunk
    const last = text.charCodeAt(text.length - 1)
    half = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : ''
    return Buffer.from(half ? text.slice(0, -1) : text)
  }
  return {
    async read(into, start) {
      while (rest.length === 0) {
        const next = await chunks.next()
        if (!next.done) rest = bytesOf(next.value)
        else if (half === '') return 0
        else {
          rest = Buffer.from(half)
          half = ''
        }
      }
      const count = Math.min(rest.length, into.length - start)
      into.set(rest.subarray(0, count), start)
      rest = rest.subarray(count)
      return count
    },
    close: () => chunks.stop(),
  }
}
