import { type Fields, readField } from './read-field.ts'

/** A server may not hold an item back for longer: 24 hours. */
export const retryAfterMsMax = 86_400_000

/**
 * The wait that an error or its answer asks for, in milliseconds, 0 up to 24 h: `retryAfterMs`, `retryAfter` (seconds), or
 * the header `Retry-After` (RFC 9110 §10.2.3: seconds or a date) in `headers` or `response.headers`.
 */
export function readRetryAfterMs(fields: Fields, response: unknown, nowMs: number | undefined): number | undefined {
  const ownMs = fields.read('retryAfterMs')
  if (typeof ownMs === 'number') return boundMs(ownMs)
  const own = fields.read('retryAfter')
  if (typeof own === 'number' || typeof own === 'string') return parseRetryAfter(own, nowMs)
  return (
    retryAfterOfHeaders(fields.read('headers'), nowMs) ?? retryAfterOfHeaders(readField(response, 'headers'), nowMs)
  )
}

/** `Retry-After` of headers, `Headers` or a plain object. A date counts from `nowMs`, else from the answer's own `Date`. */
export function retryAfterOfHeaders(headers: unknown, nowMs: number | undefined): number | undefined {
  if (headers === null || typeof headers !== 'object') return undefined
  const value = headerOf(headers, 'retry-after', 'Retry-After')
  if (value === undefined) return undefined
  const answeredMs = Date.parse(headerOf(headers, 'date', 'Date') ?? '')
  return parseRetryAfter(value, nowMs ?? (Number.isNaN(answeredMs) ? undefined : answeredMs))
}

/** Milliseconds of a `Retry-After` value; undefined if it is neither seconds nor a date, or a date without a clock. */
export function parseRetryAfter(value: string | number, nowMs: number | undefined): number | undefined {
  if (typeof value === 'string' && value.length > 64) return undefined
  const text = String(value).trim()
  if (/^\d+(?:\.\d+)?$/.test(text)) return boundMs(Number(text) * 1_000)
  // Date.parse takes '-5' and '2' for years; a date has a letter or a colon.
  const atMs = /[a-z:]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) || nowMs === undefined ? undefined : boundMs(Math.max(0, atMs - nowMs))
}

function boundMs(ms: number): number | undefined {
  return Number.isNaN(ms) || ms < 0 ? undefined : Math.min(Math.ceil(ms), retryAfterMsMax)
}

function headerOf(headers: object, name: string, titled: string): string | undefined {
  const get = readField(headers, 'get')
  let value: unknown
  if (typeof get === 'function') {
    try {
      value = get.call(headers, name)
    } catch {
      value = undefined
    }
  } else value = readField(headers, name) ?? readField(headers, titled)
  if (Array.isArray(value)) value = value[0]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
