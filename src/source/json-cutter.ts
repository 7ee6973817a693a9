import { isUtf8 } from 'node:buffer'
import type { ByteWindow } from './byte-window.ts'
import { notUtf8, parseJson, tooLong } from './parse-json.ts'
import type { Entry } from './source.ts'
import { type Cutter, chunkEntriesMax, rowBytesMax } from './text-reader.ts'
import { type Place, rawBytesMax, rawText, UnreadableError, unreadable } from './unreadable-error.ts'

/** Where in the document reading stands: before the first element, before another one, after the array. */
export type JsonPart = 'first' | 'element' | 'after'

/** How elements are cut. */
export interface JsonCutting {
  readonly part: JsonPart
  /** The array is the whole document: what follows it is looked at. */
  readonly isWhole: boolean
  /** Longest element. Default 64 MiB. */
  readonly rowBytes?: number
}

/**
 * Cuts the elements of an array, of which the bracket is passed already. An element ends at the next comma at its depth, whether it can be parsed or not;
 * if the document ends before the array does, what is left is one unreadable entry.
 */
export class JsonCutter implements Cutter {
  private position: number
  private line: number
  private part: JsonPart | 'over'
  private partOfLast: JsonPart
  private readonly isWhole: boolean
  private readonly rowBytes: number
  // the element being scanned: how many bytes were looked at, its first line, and where the scan stands
  private scanned = 0
  private elementLine = 0
  private depth = 0
  private inString = false
  private escaped = false
  // of an element above the limit, whose bytes are let go
  private beginning: { raw: string; byte: number } | undefined

  constructor(at: Place, { part, isWhole, rowBytes = rowBytesMax }: JsonCutting) {
    this.position = at.position
    this.line = at.line
    this.part = part
    this.partOfLast = part
    this.isWhole = isWhole
    this.rowBytes = rowBytes
  }

  get state(): { readonly part: JsonPart } {
    return { part: this.partOfLast }
  }

  get done(): boolean {
    return this.part === 'over'
  }

  take(window: ByteWindow): Entry[] {
    const entries: Entry[] = []
    while (entries.length < chunkEntriesMax && (this.part === 'first' || this.part === 'element')) {
      const found = this.nextElement(window)
      if (!found) break
      entries.push(found)
    }
    // text after the array has a chunk of its own, since its cursor says `after`
    if (entries.length === 0 && this.part === 'after') {
      const found = this.afterArray(window)
      if (found) entries.push(found)
    }
    return entries
  }

  /** The next element; undefined if its end isn't at hand, or there is none. */
  private nextElement(window: ByteWindow): Entry | undefined {
    const isNew = this.scanned === 0 && this.beginning === undefined
    if (isNew) {
      this.line += passBlank(window)
      this.elementLine = this.line
      if (window.length === 0 && !window.ended) return undefined
      if (this.part === 'first' && window.length > 0 && window.buffer[window.start] === 93) {
        window.consume(1)
        this.part = 'after'
        return undefined
      }
    }
    const end = this.scan(window)
    const isBroken = end === window.end
    if (isBroken && !window.ended) {
      if (this.scanned > this.rowBytes || this.beginning) this.letGo(window)
      return undefined
    }
    const found = this.entry(window, isBroken)
    this.part = isBroken ? 'over' : window.buffer[end] === 93 ? 'after' : 'element'
    window.consume(this.scanned + (isBroken ? 0 : 1))
    this.scanned = 0
    this.beginning = undefined
    return found
  }

  /** Looks at bytes until the element's end; its index in the buffer, or the window's end. */
  private scan({ buffer, start, end }: ByteWindow): number {
    let { depth, inString, escaped, line } = this
    let index = start + this.scanned
    for (; index < end; index++) {
      const byte = buffer[index]!
      if (byte === 10) line++
      if (inString) {
        if (escaped) escaped = false
        else if (byte === 92) escaped = true
        else if (byte === 34) inString = false
      } else if (byte === 34) inString = true
      else if (byte === 91 || byte === 123) depth++
      else if (depth > 0) depth -= byte === 93 || byte === 125 ? 1 : 0
      else if (byte === 44 || byte === 93) break
    }
    this.depth = depth
    this.inString = inString
    this.escaped = escaped
    this.line = line
    this.scanned = index - start
    return index
  }

  private entry(window: ByteWindow, isBroken: boolean): Entry {
    const { elementLine: line, beginning } = this
    const bytes = window.buffer.subarray(window.start, window.start + this.scanned)
    const place = { position: this.position++, line, byte: beginning?.byte ?? window.offset }
    const where = `the element at line ${line}`
    this.partOfLast = 'element'
    if (isBroken) {
      const error = new UnreadableError(
        'JSON_BROKEN_OFF',
        `the document breaks off inside its array, at line ${this.line}`,
        { line },
      )
      return unreadable(place, error, beginning?.raw ?? rawText(bytes))
    }
    if (beginning || bytes.length > this.rowBytes)
      return unreadable(place, tooLong(where, line), beginning?.raw ?? rawText(bytes))
    if (!isUtf8(bytes)) return unreadable(place, notUtf8(where, line), rawText(bytes))
    const parsed = parseJson(bytes.toString('utf8'), where, line)
    if ('error' in parsed) return unreadable(place, parsed.error, rawText(bytes).trimEnd())
    return { position: place.position, payload: parsed.payload, line, byte: place.byte }
  }

  private letGo(window: ByteWindow): void {
    const { buffer, start, end } = window
    this.beginning ??= {
      raw: rawText(buffer.subarray(start, Math.min(end, start + rawBytesMax + 1))),
      byte: window.offset,
    }
    window.consume(this.scanned)
    this.scanned = 0
  }

  /** Text after the end of the document is one unreadable entry. */
  private afterArray(window: ByteWindow): Entry | undefined {
    if (this.isWhole) this.line += passBlank(window)
    else this.part = 'over'
    const isDecided = window.ended || window.length > rawBytesMax
    if (this.part === 'over' || window.length === 0 || !isDecided) return undefined
    this.part = 'over'
    this.partOfLast = 'after'
    const { line } = this
    const error = new UnreadableError('JSON_INVALID', `line ${line}: text follows the end of the document`, { line })
    const raw = rawText(window.buffer.subarray(window.start, window.end))
    return unreadable({ position: this.position++, line, byte: window.offset }, error, raw)
  }
}

/** Consumes white space; answers how many lines ended in it. */
export function passBlank(window: ByteWindow): number {
  const { buffer, start, end } = window
  let lines = 0
  let at = start
  for (; at < end; at++) {
    const byte = buffer[at]!
    if (byte === 10) lines++
    else if (byte !== 32 && byte !== 13 && byte !== 9) break
  }
  window.consume(at - start)
  return lines
}
