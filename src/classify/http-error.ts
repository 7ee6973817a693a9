import { boundText } from './bound.ts'
import { readField } from './read-field.ts'
import { retryAfterOfHeaders } from './retry-after.ts'

const bodyBytesMax = 2_048
/** An error's body is a help, not worth a slot: given up after this. */
const bodyTimeoutMs = 1_000
const bodyCharsInMessage = 500

/**
 * An HTTP answer that is an error. The message holds status, address without query, and the beginning of the answer's body,
 * so that `Rate exceeded` in a 400 is understood.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  /** Without query, fragment and credentials. */
  readonly url?: string
  /** At most 2 KiB of the answer's text. */
  readonly body?: string
  /** The server's `Retry-After` in milliseconds, at most 24 h. */
  readonly retryAfterMs?: number

  constructor(
    status: number,
    details: { statusText?: string; url?: string; body?: string; retryAfterMs?: number } = {},
  ) {
    const reason = details.statusText ? ` ${details.statusText}` : ''
    const address = details.url ? ` from ${details.url}` : ''
    const said = details.body ? `: ${oneLine(details.body)}` : ''
    super(`HTTP ${status}${reason}${address}${said}`)
    this.status = status
    if (details.url !== undefined) this.url = details.url
    if (details.body !== undefined) this.body = details.body
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs
  }

  /**
   * Answers the response if it is ok, its body untouched; else throws an `HttpError` with `Retry-After` read. Of the body at
   * most 2 KiB are read, for at most a second; then the rest is cancelled, so that the connection is free.
   */
  static async check<Answer extends { readonly ok: boolean; readonly status: number }>(
    response: Answer,
  ): Promise<Answer> {
    if (response.ok) return response
    const statusText = readField(response, 'statusText')
    const url = addressOf(readField(response, 'url'))
    const body = await readBody(response)
    const retryAfterMs = retryAfterOfHeaders(readField(response, 'headers'), Date.now())
    throw new HttpError(response.status, {
      ...(typeof statusText === 'string' && statusText !== '' && { statusText: boundText(statusText, 100).text }),
      ...(url !== undefined && { url }),
      ...(body !== '' && { body }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
}

function addressOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || url === '') return undefined
  const parsed = URL.parse(url)
  return boundText(parsed ? `${parsed.origin}${parsed.pathname}` : (url.split(/[?#]/, 1)[0] ?? ''), 300).text
}

/** Pages of a proxy come as HTML: their words without the tags. */
function oneLine(body: string): string {
  const text = /^\s*</.test(body)
    ? body.replace(/<(?:style|script)\b[\s\S]*?(?:<\/(?:style|script)>|$)|<[^>]{0,500}>?/gi, ' ')
    : body
  return boundText(text.replace(/\s+/g, ' ').trim(), bodyCharsInMessage).text
}

interface Reader {
  read(): Promise<{ done: boolean; value?: unknown }>
  cancel(): Promise<unknown>
}

async function readBody(response: object): Promise<string> {
  const reader = readerOf(readField(response, 'body'))
  if (!reader) return ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const givenUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, bodyTimeoutMs, undefined)
  })
  try {
    return await readPieces(reader, givenUp)
  } finally {
    clearTimeout(timer)
    // Cancelling may hang or fail as reading did; nobody waits for it.
    void Promise.resolve(reader.cancel()).catch(() => undefined)
  }
}

async function readPieces(reader: Reader, givenUp: Promise<undefined>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    while (bytes < bodyBytesMax) {
      const piece = await Promise.race([reader.read(), givenUp])
      if (!piece || piece.done || !(piece.value instanceof Uint8Array)) break
      text += decoder.decode(piece.value.subarray(0, bodyBytesMax - bytes), { stream: true })
      bytes += piece.value.length
    }
  } catch {
    // A body that breaks off leaves what was read.
  }
  return text.toWellFormed()
}

/** A web stream that nobody else reads; else undefined. */
function readerOf(body: unknown): Reader | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  try {
    const open = readField(body, 'getReader')
    const reader: unknown = typeof open === 'function' ? open.call(body) : undefined
    return typeof readField(reader, 'read') === 'function' ? (reader as Reader) : undefined
  } catch {
    return undefined
  }
}
