import { types } from 'node:util'
import type { CapturedFailure } from '../model/failure.ts'
import { boundText, fitFailure, isShort, type Reading, readCharsMax } from './bound.ts'
import { causeChain } from './cause-chain.ts'
import { describeThrown } from './describe-thrown.ts'
import { fingerprintOf } from './fingerprint.ts'
import { readDetails } from './read-details.ts'
import { type Fields, fieldsOf, ownKeys, readDataField, readField } from './read-field.ts'
import { readRetryAfterMs } from './retry-after.ts'

/** How to capture. */
export interface CaptureOptions {
  /** Read `.stack` (5 µs). Default false. */
  stack?: boolean
  /** Wall clock in milliseconds, for a `Retry-After` date. Without it a date counts from the answer's own `Date`, or not. */
  nowMs?: number
}

/** Options, and what is left to read of this chain. */
interface LinkOptions extends CaptureOptions {
  readonly reading: Reading
  readonly isProxy?: boolean
}
type Draft = { -readonly [Key in keyof CapturedFailure]: CapturedFailure[Key] }

const noCauses: readonly CapturedFailure[] = []
/** Own fields of a bare Error: with no others there is nothing more to read. */
const bareKeys: ReadonlySet<string> = new Set(['stack', 'message', 'cause'])
const builtInNames: ReadonlyMap<unknown, string> = new Map<unknown, string>(
  [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError].map((type) => [
    type.prototype,
    type.name,
  ]),
)

/**
 * Any thrown value in its normal form: never throws, runs no getter twice, at most 16 KiB as JSON, well-formed text
 * (a lone surrogate becomes U+FFFD, NUL becomes U+2400). `causes` holds the outer 8 and the innermost 8 of a long chain.
 */
export function capture(thrown: unknown, options: CaptureOptions = {}): CapturedFailure {
  try {
    return captureChain(thrown, options)
  } catch {
    // Exhausted stack or memory, or globals that a handler broke: even then the item needs a failure.
    const draft: Draft = {
      name: 'Unreadable',
      message: 'unreadable value',
      causes: [],
      fingerprint: '',
      thrown: 'unknown',
    }
    draft.fingerprint = fingerprintOf(draft)
    return draft
  }
}

function captureChain(thrown: unknown, options: CaptureOptions): CapturedFailure {
  const reading = { charsLeft: readCharsMax }
  const outer = captureLink(thrown, { ...options, reading })
  const chain = causeChain(thrown)
  if (chain.causes.length > 0) {
    outer.causes = chain.causes.map((cause) =>
      captureCause(cause, options.nowMs === undefined ? { reading } : { reading, nowMs: options.nowMs }),
    )
    if (chain.isCut) outer.truncated = true
  }
  outer.fingerprint = fingerprintOf(outer)
  return isShort(outer) ? outer : fitFailure(outer)
}

function captureCause(cause: unknown, options: LinkOptions): CapturedFailure {
  const link = captureLink(cause, options)
  link.fingerprint = fingerprintOf(link)
  return link
}

function captureLink(thrown: unknown, options: LinkOptions): Draft {
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null)
    return captureScalar(thrown, options)
  if (types.isProxy(thrown)) {
    return captureObject(thrown, fieldsOf(thrown, undefined, false), { ...options, isProxy: true })
  }
  const keys = ownKeys(thrown)
  const builtInName = Error.isError(thrown) ? builtInNames.get(Object.getPrototypeOf(thrown)) : undefined
  const isBare = keys?.every((key) => bareKeys.has(key))
  if (builtInName !== undefined && isBare) return captureBare(thrown, builtInName, options)
  return captureObject(thrown, fieldsOf(thrown, keys, builtInName !== undefined), options)
}

function captureScalar(thrown: unknown, { reading }: LinkOptions): Draft {
  const kind = thrown === null ? 'null' : typeof thrown
  const text =
    typeof thrown === 'string' ? boundText(thrown, undefined, reading) : { text: describeThrown(thrown), isCut: false }
  const draft: Draft = { name: kind, message: text.text, causes: noCauses, fingerprint: '', thrown: kind }
  if (text.isCut) draft.truncated = true
  return draft
}

function captureBare(thrown: object, name: string, options: LinkOptions): Draft {
  const message = boundText(readField(thrown, 'message'), undefined, options.reading)
  const draft: Draft = { name, message: message.text, causes: noCauses, fingerprint: '' }
  if (message.isCut) draft.truncated = true
  if (options.stack) addStack(draft, thrown, options.reading)
  return draft
}

function captureObject(thrown: object, fields: Fields, options: LinkOptions): Draft {
  const isProxy = options.isProxy === true
  const message = readField(thrown, 'message')
  const text = boundText(
    typeof message === 'string' ? message : describeThrown(thrown, isProxy),
    undefined,
    options.reading,
  )
  const draft: Draft = { name: nameOf(thrown), message: text.text, causes: noCauses, fingerprint: '' }
  const code = codeOf(fields.read('code'))
  if (code !== undefined) draft.code = code
  const response = fields.read('response')
  const status = statusOf(fields, response)
  if (status !== undefined) draft.status = status
  const retryAfterMs = readRetryAfterMs(fields, response, options.nowMs)
  if (retryAfterMs !== undefined) draft.retryAfterMs = retryAfterMs
  const details = readDetails(fields, { name: draft.name, code, response })
  if (details) draft.details = details
  const kind = thrownKind(thrown, isProxy)
  if (kind !== undefined) draft.thrown = kind
  if (text.isCut) draft.truncated = true
  if (options.stack) addStack(draft, thrown, options.reading)
  return draft
}

function addStack(draft: Draft, thrown: object, reading: Reading): void {
  const stack = readField(thrown, 'stack')
  if (typeof stack === 'string') draft.stack = boundText(stack, undefined, reading).text
}

/** The class's own name when `name` is only the inherited `Error`: many classes never set it. */
function nameOf(thrown: object): string {
  if (typeof thrown === 'function') return 'Function'
  const name = readField(thrown, 'name')
  const given = typeof name === 'string' ? name : ''
  if (given !== '' && given !== 'Error') return boundText(given, 128).text
  const maker = readField(thrown, 'constructor')
  const className = typeof maker === 'function' ? readDataField(maker, 'name') : undefined
  const isNamed = typeof className === 'string' && /(?:Error|Exception|Failure)$/.test(className.slice(0, 200))
  if (isNamed) return boundText(className, 128).text
  return given === '' ? 'Object' : given
}

function codeOf(code: unknown): string | undefined {
  if (typeof code === 'string' && code !== '') return boundText(code, 128).text
  return typeof code === 'number' && Number.isFinite(code) ? String(code) : undefined
}

function statusOf(fields: Fields, response: unknown): number | undefined {
  return (
    asStatus(fields.read('status')) ??
    asStatus(fields.read('statusCode')) ??
    asStatus(readField(response, 'status')) ??
    asStatus(readField(response, 'statusCode')) ??
    asStatus(readField(fields.read('$metadata'), 'httpStatusCode'))
  )
}

function asStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' && value.length <= 3 && /^\d+$/.test(value) ? Number(value) : value
  return typeof status === 'number' && Number.isInteger(status) && status >= 0 && status <= 999 ? status : undefined
}

function thrownKind(thrown: object, isProxy: boolean): string | undefined {
  if (isProxy) return 'proxy'
  if (typeof thrown === 'function') return 'function'
  if (Error.isError(thrown)) return undefined
  return Array.isArray(thrown) ? 'array' : 'object'
}
