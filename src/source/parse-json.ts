import { UnreadableError } from './unreadable-error.ts'

/** What a JSON text says, or why it says nothing. `where` begins the message: `line 5`. */
export function parseJson(
  text: string,
  where: string,
  line?: number,
): { readonly payload: unknown } | { readonly error: Error } {
  try {
    return { payload: JSON.parse(text) }
  } catch (cause) {
    return { error: notJson(where, { line, cause }) }
  }
}

/** Why a text isn't JSON; the parser's own words are in the message, since they say what it found. */
export function notJson(
  where: string,
  at: { readonly line: number | undefined; readonly cause: unknown },
): UnreadableError {
  return new UnreadableError('JSON_INVALID', `${where} is not JSON: ${(at.cause as Error).message}`, at)
}

/** Why a text that isn't UTF-8 can't be read. */
export function notUtf8(where: string, line?: number): UnreadableError {
  return new UnreadableError('TEXT_NOT_UTF8', `${where} is not UTF-8; its text is shown as Latin-1`, { line })
}

/** Why a row above 64 MiB isn't read. */
export function tooLong(where: string, line?: number): UnreadableError {
  return new UnreadableError('ROW_TOO_LONG', `${where} is longer than 64 MiB; only its beginning is kept`, { line })
}
