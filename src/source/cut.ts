import type { Entry } from './source.ts'

/** Entries cut from a region, and where the next record starts. */
export interface Cut {
  readonly entries: Entry[]
  readonly consumedBytes: number
  /** Position and line of what comes next. */
  readonly position: number
  readonly line: number
}

/** Where the next line starts if the one at `at` is blank. A CR at the very end is a line's end. */
export function afterBlankLine(text: string, at: number): number | undefined {
  const code = text.charCodeAt(at)
  if (code === 10) return at + 1
  if (code !== 13) return undefined
  if (at + 1 === text.length) return at + 1
  return text.charCodeAt(at + 1) === 10 ? at + 2 : undefined
}

/** The bytes of a row without the line's end. */
export function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  if (end > 0 && bytes[end - 1] === 10) end--
  if (end > 0 && bytes[end - 1] === 13) end--
  return bytes.subarray(0, end)
}
