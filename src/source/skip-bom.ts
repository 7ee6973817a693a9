import { RedriveError } from '../model/redrive-error.ts'
import type { ByteWindow } from './byte-window.ts'

/** Passes over a byte order mark at the start of a text; refuses UTF-16 and UTF-32 (RD-1202). */
export async function skipBom(window: ByteWindow, name: string): Promise<void> {
  while (!window.ended && (window.length === 0 || (window.length < 3 && mayBeMark(window)))) await window.more()
  const [first, second, third] = window.buffer.subarray(window.start, Math.min(window.end, window.start + 3))
  if (first === 0xef && second === 0xbb && third === 0xbf) window.consume(3)
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new RedriveError('RD-1202', {
      what: `${name} is UTF-16; UTF-8 is read`,
      fix: `Convert it first: iconv -f UTF-16 -t UTF-8 ${name}`,
    })
  }
}

/** A stream is not kept waiting for a third byte if the first can't begin a mark. */
function mayBeMark({ buffer, start }: ByteWindow): boolean {
  return buffer[start]! >= 0xef
}
