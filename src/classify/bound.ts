import type { CapturedFailure } from '../model/failure.ts'

/** Bytes of a captured failure as JSON, at most. */
export const failureBytesMax = 16_384
const messageCharsMax = 4_096
/** Rough upper bound under which no failure can pass 16 KiB: 6 bytes for a character is the worst that JSON does. */
const shortCharsMax = 2_200

/**
 * Characters of one text, and of all messages of a chain together, that are read at most. A concatenated string is copied as a
 * whole when its first character is looked at: 10 MB take 10 ms, and nothing tells such a string from another.
 */
export const readCharsMax = 2_097_152

/** How many characters of messages may still be read. */
export interface Reading {
  charsLeft: number
}

/**
 * Text cut to `charsMax` UTF-16 units, well-formed, without NUL (PostgreSQL takes none). Of a cut text beginning and end
 * are kept, since a wrapper states its cause last; of one that is too long to read, the length.
 */
export function boundText(
  value: unknown,
  charsMax: number = messageCharsMax,
  reading?: Reading,
): { text: string; isCut: boolean } {
  if (typeof value !== 'string') return { text: '', isCut: false }
  if (value.length <= charsMax) return { text: clean(value), isCut: false }
  if (value.length > (reading ? reading.charsLeft : 65_536))
    return { text: `text of ${value.length} characters, not read`, isCut: true }
  if (reading) reading.charsLeft -= value.length
  const tailChars = charsMax >= 1_024 ? Math.floor(charsMax / 4) : 0
  const head = value.slice(0, charsMax - tailChars - 1)
  return { text: clean(`${head}…${tailChars ? value.slice(-tailChars) : ''}`), isCut: true }
}

function clean(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '␀') : wellFormed
}

/** Surely within the bound, without writing it as JSON. */
export function isShort(failure: CapturedFailure): boolean {
  if (failure.stack !== undefined || failure.causes.length > 2) return false
  return failure.causes.reduce((sum, cause) => sum + charsOf(cause), charsOf(failure)) < shortCharsMax
}

function charsOf(failure: CapturedFailure): number {
  let chars = failure.message.length + failure.name.length + (failure.code?.length ?? 0) + 40
  for (const [name, value] of Object.entries(failure.details ?? {})) chars += name.length + String(value).length + 4
  return chars
}

/** The failure with its texts cut until it fits 16 KiB: stack first, then causes, then the rest, halving. */
export function fitFailure(failure: CapturedFailure): CapturedFailure {
  let fitted = failure
  const isFitting = () => Buffer.byteLength(JSON.stringify(fitted)) <= failureBytesMax
  if (isFitting()) return fitted
  for (const stackChars of [2_048, 512]) {
    fitted = cut(failure, { stackChars, outerChars: messageCharsMax, causeChars: 1_024 })
    if (isFitting()) return fitted
  }
  for (let chars = 2_048; chars >= 8; chars /= 2) {
    fitted = cut(failure, { stackChars: chars / 4, outerChars: chars, causeChars: chars / 4 })
    if (isFitting()) return fitted
  }
  return { ...fitted, causes: [] }
}

interface Sizes {
  readonly stackChars: number
  readonly outerChars: number
  readonly causeChars: number
}

function cut(failure: CapturedFailure, sizes: Sizes): CapturedFailure {
  const { stack, ...rest } = cutTexts(failure, sizes.outerChars)
  const shorter = stack === undefined ? {} : { stack: boundText(stack, sizes.stackChars).text }
  return {
    ...rest,
    ...shorter,
    causes: failure.causes.map((cause) => cutTexts(cause, sizes.causeChars)),
    truncated: true,
  }
}

function cutTexts(failure: CapturedFailure, charsMax: number): CapturedFailure {
  const short = (text: string, chars: number) => boundText(text, Math.max(8, Math.min(chars, charsMax))).text
  const draft = { ...failure, name: short(failure.name, 128), message: short(failure.message, charsMax) }
  if (failure.code !== undefined) draft.code = short(failure.code, 128)
  if (!failure.details) return draft
  const details: { [name: string]: string | number | boolean } = {}
  for (const [name, value] of Object.entries(failure.details)) {
    if (typeof value !== 'string') details[name] = value
    else if (charsMax > 64) details[name] = short(value, charsMax / 4)
  }
  return { ...draft, details }
}
