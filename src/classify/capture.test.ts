import { createContext, runInContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capture } from './capture.ts'
import { FailError } from './fail-error.ts'
import { cpuMs } from './testing/cpu-ms.ts'

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

function chainOf(length: number, innermost: unknown): unknown {
  let error = innermost
  for (let depth = 0; depth < length; depth++) error = new Error(`wrapper ${depth}`, { cause: error })
  return error
}
function throwingProxy(): unknown {
  const boom = () => {
    throw new Error('trap')
  }
  const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, boom]))
  return new Proxy(new Error('behind'), traps)
}
function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
function throwingGetters(): unknown {
  const boom = {
    get() {
      throw new Error('getter')
    },
  }
  return Object.defineProperties(new Error('hidden'), {
    message: boom,
    stack: boom,
    cause: boom,
    name: boom,
    toJSON: boom,
    code: boom,
  })
}
function cyclic(): unknown {
  const first = new Error('first')
  const second = new Error('second', { cause: first })
  first.cause = second
  return first
}
class NamelessError extends Error {}

// prettier-ignore
const hostile: ReadonlyArray<
  readonly [what: string, thrown: () => unknown, expected: { readonly [field: string]: unknown }]
> = [
  ['null', () => null, { name: 'null', message: 'null', thrown: 'null' }],
  ['undefined', () => undefined, { message: 'undefined', thrown: 'undefined' }],
  ['zero', () => 0, { message: '0', thrown: 'number' }],
  ['an empty string', () => '', { message: '', thrown: 'string' }],
  ['NaN', () => Number.NaN, { message: 'NaN', thrown: 'number' }],
  ['a bigint', () => 10n, { message: '10n', thrown: 'bigint' }],
  ['a bigint of a million digits', () => 1n << 4_000_000n, { message: 'a bigint beyond 128 bits', thrown: 'bigint' }],
  ['a symbol', () => Symbol('why'), { message: 'Symbol(why)', thrown: 'symbol' }],
  ['a function', () => () => 1, { name: 'Function', message: 'a function was thrown', thrown: 'function' }],
  ['false', () => false, { message: 'false', thrown: 'boolean' }],
  ['a string', () => 'no stock', { message: 'no stock', thrown: 'string' }],
  ['a frozen Error', () => Object.freeze(new TypeError('cold')), { name: 'TypeError', message: 'cold' }],
  ['getters that throw', throwingGetters, { name: 'Error', message: '' }],
  ['a Proxy whose every trap throws', throwingProxy, { thrown: 'proxy', message: 'Proxy without a readable message' }],
  ['a revoked Proxy', revokedProxy, { thrown: 'proxy', message: 'Proxy without a readable message' }],
  ['a cycle of causes', cyclic, { message: 'first', truncated: true }],
  [
    'a cause that is itself',
    () => {
      const one = new Error('one')
      one.cause = one
      return one
    },
    { message: 'one', causes: [] },
  ],
  [
    'an AggregateError with null members',
    () => new AggregateError([null, undefined, new Error('connect ECONNREFUSED ::1:5432'), 7], 'all failed'),
    { name: 'AggregateError', message: 'all failed' },
  ],
  ['an AggregateError with nothing in it', () => new AggregateError([null], 'none'), { message: 'none', causes: [] }],
  [
    'no prototype',
    () => Object.assign(Object.create(null), { message: 'bare', code: 'E1' }),
    { name: 'Object', message: 'bare', code: 'E1', thrown: 'object' },
  ],
  [
    'a thenable that throws',
    () => ({
      get then() {
        throw new Error('then')
      },
    }),
    { thrown: 'object' },
  ],
  [
    'a plain object with a code',
    () => ({ code: 'ECONNRESET' }),
    { code: 'ECONNRESET', message: "{ code: 'ECONNRESET' }", thrown: 'object' },
  ],
  ['an array', () => [1, 'two'], { thrown: 'array' }],
  ['a Date', () => new Date(0), { thrown: 'object' }],
  [
    'a DOMException',
    () => new DOMException('too slow', 'TimeoutError'),
    { name: 'TimeoutError', message: 'too slow', code: '23' },
  ],
  ['a class that sets no name', () => new NamelessError('x'), { name: 'NamelessError' }],
  ['a number as the message', () => Object.assign(new Error('x'), { message: 7 }), { name: 'Error', message: '' }],
  ['a number as the code', () => Object.assign(new Error('x'), { code: 11000 }), { code: '11000' }],
  ['an object as the code', () => Object.assign(new Error('x'), { code: { a: 1 } }), { name: 'Error' }],
  [
    'an Error of another realm',
    () => runInContext("Object.assign(new TypeError('far'), { code: 'E2' })", createContext({})),
    { name: 'TypeError', message: 'far', code: 'E2' },
  ],
  ['lone surrogates', () => new Error('a\ud800b\udfff'), { message: 'a\ufffdb\ufffd' }],
  ['NUL', () => new Error('a\0b'), { message: 'a␀b' }],
  [
    'ANSI and right-to-left marks',
    () => new Error('\x1b[31mred\x1b[0m \u202eevil'),
    { message: '\x1b[31mred\x1b[0m \u202eevil' },
  ],
]

describe('capture of hostile values', () => {
  it.each(hostile)('makes a bounded failure of %s', (_what, thrown, expected) => {
    const failure = capture(thrown(), { stack: true })
    expect(failure).toMatchObject(expected)
    expect(failure.fingerprint).toMatch(/^v1:[0-9a-f]{16}$/)
    expect(bytesOf(failure)).toBeLessThanOrEqual(16_384)
  })

  it('finds the innermost cause of 20,000, and keeps the outer 8 and the inner 8', () => {
    const failure = capture(chainOf(20_000, Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })))
    expect(failure.causes).toHaveLength(16)
    expect(failure.causes.at(-1)).toMatchObject({ code: 'ECONNREFUSED', causes: [] })
    expect(failure.causes.map((cause) => cause.message)).toEqual([
      ...[19_998, 19_997, 19_996, 19_995, 19_994, 19_993, 19_992, 19_991].map((depth) => `wrapper ${depth}`),
      ...[
        'wrapper 6',
        'wrapper 5',
        'wrapper 4',
        'wrapper 3',
        'wrapper 2',
        'wrapper 1',
        'wrapper 0',
        'connect ECONNREFUSED',
      ],
    ])
    expect(failure.truncated).toBe(true)
  })

  it.each([1, 8, 15, 16, 17, 63, 64, 65, 66, 71, 72, 73, 200])('keeps order and innermost of %i causes', (length) => {
    const failure = capture(chainOf(length, new Error('innermost')))
    const messages = failure.causes.map((cause) => cause.message)
    const all = [...Array(length - 1).keys()]
      .reverse()
      .map((depth) => `wrapper ${depth}`)
      .concat('innermost')
    expect(messages).toEqual(length <= 16 ? all : [...all.slice(0, 8), ...all.slice(-8)])
    expect(failure.truncated === true).toBe(length > 16)
  })

  it('ends on a long cycle and on a chain that getters make up', () => {
    const tail = new Error('tail')
    const long = chainOf(500, tail) as Error
    tail.cause = long
    class Endless extends Error {
      override get cause() {
        return new Endless('again')
      }
    }
    expect(capture(long).causes).toHaveLength(16)
    expect(capture(new Endless('first')).causes.length).toBeLessThanOrEqual(16)
  })

  it('keeps beginning and end of a message of a megabyte', () => {
    const failure = capture(new Error(`start ${'x'.repeat(1_000_000)} connect ECONNREFUSED`))
    expect(failure.message).toMatch(/^start x+…x+ connect ECONNREFUSED$/)
    expect(failure.message.length).toBeLessThanOrEqual(4_096)
    expect(failure.truncated).toBe(true)
  })

  it('does not read a message of 10 MB, but the rest of its error', () => {
    const failure = capture(Object.assign(new Error('x'.repeat(10_000_000)), { code: 'EPIPE' }), { stack: true })
    expect(failure).toMatchObject({ message: 'text of 10000000 characters, not read', code: 'EPIPE', truncated: true })
  })

  it.each<[what: string, make: () => unknown]>([
    ['20,000 causes', () => chainOf(20_000, new Error('inner'))],
    ['a 10 MB message', () => new Error('x'.repeat(10_000_000))],
    ['a thrown text of 10 MB', () => '€'.repeat(10_000_000)],
    [
      'causes of 10 MB each',
      () => [...Array(16)].reduce((cause) => new Error('y'.repeat(10_000_000), { cause }), undefined),
    ],
    [
      'details of 10 MB each',
      () =>
        Object.assign(
          new Error('x'),
          Object.fromEntries(
            ['path', 'url', 'detail', 'reason', 'code', 'table', 'status', 'retryAfter', 'name', 'issues'].map(
              (field) => [field, 'z'.repeat(10_000_000)],
            ),
          ),
        ),
    ],
    ['a Proxy whose every trap throws', throwingProxy],
    ['16 KiB of control characters in every cause', () => chainOf(16, new Error('\x01'.repeat(10_000)))],
  ])('takes at most 5 ms of processor time for %s', (_what, make) => {
    // A thrown value is captured once: reading a concatenated message makes the next reading cheap.
    const thrown = [make(), make(), make()]
    expect(cpuMs(() => capture(thrown.pop(), { stack: true }))).toBeLessThan(5)
  })

  it('runs no getter twice', () => {
    const reads = new Map<string, number>()
    const fields =
      'name message code status statusCode response headers retryAfter retryAfterMs issues errors details cause stack disposition path line $metadata'
    const thrown = new Error('counted')
    for (const field of fields.split(' ')) {
      Object.defineProperty(thrown, field, {
        get: () => {
          reads.set(field, (reads.get(field) ?? 0) + 1)
          return undefined
        },
      })
    }
    capture(thrown, { stack: true })
    expect([...reads.values()].every((count) => count === 1)).toBe(true)
    expect(reads.get('message')).toBe(1)
    expect(reads.get('cause')).toBe(1)
  })

  it('leaves the thrown value as it was', () => {
    const thrown = Object.assign(new Error('x', { cause: new Error('y') }), { code: 'E' })
    const before = Object.getOwnPropertyNames(thrown)
    capture(thrown)
    expect(Object.getOwnPropertyNames(thrown)).toEqual(before)
  })
})

describe('capture of what errors carry', () => {
  it.each<[what: string, thrown: object, expected: object]>([
    [
      'a system error',
      { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: '10.0.0.1', port: 5432 },
      { code: 'ECONNREFUSED', details: { syscall: 'connect', address: '10.0.0.1', port: 5432 } },
    ],
    [
      'a PostgreSQL error',
      { code: '23505', severity: 'ERROR', table: 'users', constraint: 'users_pkey', detail: 'Key (id)=(1) exists' },
      { code: '23505', details: { severity: 'ERROR', table: 'users', constraint: 'users_pkey' } },
    ],
    ['statusCode', { statusCode: 503 }, { status: 503 }],
    ['a status as text', { status: '429' }, { status: 429 }],
    [
      'the status of a response',
      { response: { status: 404, data: { message: 'no such order' } } },
      { status: 404, details: { body: 'no such order' } },
    ],
    ['the status of AWS', { $metadata: { httpStatusCode: 400 } }, { status: 400 }],
    ['Retry-After in seconds', { response: { status: 429, headers: { 'retry-after': '7' } } }, { retryAfterMs: 7_000 }],
    ['Retry-After of Headers', { headers: new Headers({ 'Retry-After': '2' }) }, { retryAfterMs: 2_000 }],
    ['retryAfterMs', { retryAfterMs: 1_500 }, { retryAfterMs: 1_500 }],
    ['retryAfter in seconds', { retryAfter: 3 }, { retryAfterMs: 3_000 }],
    ['a Retry-After of a month as 24 h', { retryAfter: 2_592_000 }, { retryAfterMs: 86_400_000 }],
    [
      'issues of a schema',
      {
        issues: [
          { path: ['lines', 0, 'sku'], message: 'Required' },
          { path: [{ key: 'amount' }], message: 'too small' },
        ],
      },
      { details: { issues: 'lines.0.sku: Required; amount: too small' } },
    ],
    [
      'errors of ajv',
      { errors: [{ instancePath: '/lines/0', message: 'must be number' }] },
      { details: { issues: 'lines.0: must be number' } },
    ],
    [
      'details of joi',
      { details: [{ path: ['a'], message: '"a" is required' }] },
      { details: { issues: 'a: "a" is required' } },
    ],
    [
      'what Sequelize wraps',
      { original: new Error('deadlock detected') },
      { causes: [{ message: 'deadlock detected' }] },
    ],
  ])('reads %s', (_what, fields, expected) => {
    expect(capture(Object.assign(new Error('failed'), fields))).toMatchObject(expected)
  })

  it('reads the stack only when asked, at most 4 KiB', () => {
    const thrown = new Error('x'.repeat(8_000))
    expect(capture(thrown)).not.toHaveProperty('stack')
    expect(capture(thrown, { stack: true }).stack!.length).toBeLessThanOrEqual(4_096)
  })

  it('takes a cause that is no error', () => {
    expect(capture(new Error('x', { cause: 'ECONNRESET' })).causes).toMatchObject([
      { message: 'ECONNRESET', thrown: 'string' },
    ])
  })

  it('keeps the verdict of ctx.fail, and of no other error', () => {
    expect(capture(new FailError('permanent', 'no address')).details).toEqual({ disposition: 'permanent' })
    expect(capture(Object.assign(new Error('x'), { disposition: 'fatal' }))).not.toHaveProperty('details')
  })
})

describe('any value', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('\ud800', '\0'.repeat(9_000), '😀'.repeat(3_000), '\x01'.repeat(5_000)),
  )
  const error = fc
    .record(
      {
        message: text,
        name: text,
        code: fc.oneof(text, fc.anything()),
        status: fc.anything(),
        stack: text,
        issues: fc.array(fc.anything()),
        headers: fc.anything(),
        response: fc.anything(),
      },
      { requiredKeys: [] },
    )
    .map(({ message, ...rest }) => Object.assign(new Error(message), rest))
  const chained = fc
    .array(fc.oneof(error, fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true })), {
      maxLength: 30,
    })
    .map((causes) =>
      causes.reduce<unknown>(
        (cause, one) =>
          Error.isError(one)
            ? Object.defineProperty(one, 'cause', { value: cause })
            : new Error(String(typeof one), { cause }),
        undefined,
      ),
    )

  it('is captured without a throw, as at most 16 KiB of well-formed JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(chained, error, fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true })),
        (thrown) => {
          const failure = capture(thrown, { stack: true })
          const json = JSON.stringify(failure)
          expect(Buffer.byteLength(json)).toBeLessThanOrEqual(16_384)
          expect(Buffer.from(json).toString()).toBe(json)
          for (const link of [failure, ...failure.causes]) {
            for (const said of [link.name, link.message, link.code ?? '', ...Object.values(link.details ?? {})]) {
              expect(String(said).isWellFormed() && !String(said).includes('\0')).toBe(true)
            }
          }
        },
      ),
      { seed: 20_261_123, numRuns: 600 },
    )
  })

  it('gives the same failure twice', () => {
    fc.assert(
      fc.property(chained, (thrown) => {
        expect(JSON.stringify(capture(thrown))).toBe(JSON.stringify(capture(thrown)))
      }),
      { seed: 7, numRuns: 100 },
    )
  })
})
