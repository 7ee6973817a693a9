import type { ByteWindow } from './byte-window.ts'
import type { CsvLayout } from './csv-layout.ts'
import { plainRows } from './csv-plain.ts'
import { quotedRows } from './csv-quoted.ts'
import type { Cut } from './cut.ts'
import { tooLong } from './parse-json.ts'
import type { Entry } from './source.ts'
import { type Cutter, rowBytesMax } from './text-reader.ts'
import { regionBytes, textRegion } from './text-region.ts'
import { type Place, rawText, unreadable } from './unreadable-error.ts'
import { skipLine, wholeLines } from './whole-lines.ts'

const growthFrom = 1_048_576

/** Cuts CSV rows; blank lines are passed over. A bad quote makes its record's first line unreadable, and reading goes on at the next line. `rowBytes`: longest row. */
export function csvCutter(layout: CsvLayout, at: Place, rowBytes: number = rowBytesMax): Cutter {
  let { position, line } = at
  let skipping = false
  // bytes at hand that are known to end no record
  let seen = 0

  function regionCut(window: ByteWindow, count: number): Cut {
    const region = textRegion(window.buffer.subarray(window.start, window.start + count))
    const place = { position, line, byte: window.offset }
    const plain = layout.assignable && region.kind !== 'latin1' && count <= rowBytes && !region.bytes.includes(34)
    if (plain) return plainRows(layout, region, place)
    return quotedRows(layout, region, { place, final: window.ended && count === window.length, rowBytes })
  }

  /** The first line of a row above the limit, of which the end isn't at hand. */
  function giveUp(window: ByteWindow): Entry[] {
    const bytes = window.buffer.subarray(window.start, window.end)
    const found = bytes.indexOf(10)
    const entry = unreadable(
      { position: position++, line, byte: window.offset },
      tooLong(`line ${line}`, line),
      rawText(bytes.subarray(0, found === -1 ? bytes.length : found)),
    )
    line++
    seen = 0
    skipping = found === -1
    window.consume(found === -1 ? bytes.length : found + 1)
    return [entry]
  }

  /** Whether the bytes that came since the last try can end the record. */
  function isWorthATry(window: ByteWindow): boolean {
    if (seen === 0 || window.ended || window.length > rowBytes) return true
    if (seen > growthFrom && window.length < seen * 1.25) return false
    return window.buffer.subarray(window.start + seen, window.end).includes(10)
  }

  return {
    state: { header: layout.header },
    take(window) {
      if (skipping) skipping = !skipLine(window)
      if (skipping || !isWorthATry(window)) return []
      for (let size = regionBytes; ; size *= 2) {
        const count = wholeLines(window, Math.max(size, seen))
        if (count === 0) break
        const cut = regionCut(window, count)
        if (cut.consumedBytes > 0) {
          seen = 0
          position = cut.position
          line = cut.line
          window.consume(cut.consumedBytes)
          return cut.entries
        }
        if (wholeLines(window, window.length) === count) break
      }
      seen = window.length
      return seen > rowBytes ? giveUp(window) : []
    },
  }
}
