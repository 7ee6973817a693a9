import type { ByteWindow } from './byte-window.ts'

/**
 * Bytes from the window's start to the end of its last whole line within `size`; else to the end of the first line beyond it; 0 without a whole line.
 * At the end of the source the last line is whole without a line's end. The first `seen` bytes are known to have no line's end.
 */
export function wholeLines(window: ByteWindow, size: number, seen = 0): number {
  const { buffer, start, end, ended } = window
  if (ended && end - start <= size) return end - start
  const within = Math.min(size, end - start)
  if (within > seen) {
    const last = buffer.subarray(start + seen, start + within).lastIndexOf(10)
    if (last !== -1) return seen + last + 1
  }
  const first = buffer.subarray(start + Math.max(within, seen), end).indexOf(10)
  if (first !== -1) return Math.max(within, seen) + first + 1
  return ended ? end - start : 0
}

/** Consumes the rest of the present line; false if its end isn't at hand yet. */
export function skipLine(window: ByteWindow): boolean {
  const found = window.buffer.subarray(window.start, window.end).indexOf(10)
  window.consume(found === -1 ? window.length : found + 1)
  return found !== -1
}
