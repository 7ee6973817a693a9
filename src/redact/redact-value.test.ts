import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactValue } from './redact-value.ts'
import { isSecretName } from './secret-names.ts'

const named = '‹redacted:named›'

describe('redactValue', () => {
  it('masks whole what stands below a secret name, and texts anywhere', () => {
    const value = {
      user: 'ann',
      password: 'a b c',
      pin: 1234,
      headers: { Authorization: 'x', 'Set-Cookie': ['a=1', 'b=2'], accept: '*/*' },
      secrets: { db: { value: 'v', empty: '', none: null, on: true } },
      lines: [{ note: 'redis://:pw@h' }, { note: 'fine' }],
    }
    expect(redactValue(value)).toEqual({
      user: 'ann',
      password: named,
      pin: named,
      headers: { Authorization: named, 'Set-Cookie': [named, named], accept: '*/*' },
      secrets: { db: { value: named, empty: '', none: null, on: true } },
      lines: [{ note: 'redis://:‹redacted:url-password›@h' }, { note: 'fine' }],
    })
    expect((redactValue(value) as typeof value).lines[1]).toBe(value.lines[1])
  })

  it('answers the very same reference when nothing changed', () => {
    const value = {
      a: [1, 'x', { d: new Date(0), b: 12n, m: new Map([['k', 'v']]), s: new Set([1]), u: undefined }],
      f: () => 1,
    }
    expect(redactValue(value)).toBe(value)
  })

  it('masks in maps, sets, names, errors, URLs, numbers', () => {
    const token = `ghp_${'aB3'.repeat(12)}`
    const value = {
      map: new Map<string, unknown>([
        ['token', 'abcd'],
        ['x', 'pwd=abc'],
      ]),
      set: new Set(['pwd=abc', 1]),
      [token]: 1,
      [`${token}x`]: 2,
      url: new URL('https://u:pw@h/'),
      card: 4111111111111111,
      error: Object.assign(new AggregateError([new Error('pwd=abc')], 'no', { cause: 'pwd=abc' }), {
        code: 'E',
        query: 'pwd=abc',
      }),
    }
    const redacted = redactValue(value) as Record<string, unknown> & { error: object }
    expect(redacted['map']).toEqual(
      new Map([
        ['token', named],
        ['x', 'pwd=‹redacted:assigned›'],
      ]),
    )
    expect(redacted['set']).toEqual(new Set(['pwd=‹redacted:assigned›', 1]))
    expect(redacted['‹redacted:github-token›']).toBe(1)
    expect(redacted['‹redacted:github-token› 2']).toBe(2)
    expect(redacted['url']).toBe('https://u:‹redacted:url-password›@h/')
    expect(redacted['card']).toBe('‹redacted:card-number›')
    expect(redacted.error).toMatchObject({
      name: 'AggregateError',
      message: 'no',
      code: 'E',
      cause: 'pwd=‹redacted:assigned›',
    })
    expect(JSON.stringify(redacted.error)).not.toContain('abc')
  })

  it('masks known values in texts, names and numbers', () => {
    const value = { a: 'is 987654', n: 987654, b: 987654n, '987654': 1, other: 12 }
    expect(redactValue(value, ['987654'])).toEqual({
      a: 'is ‹secret:1›',
      n: '‹secret:1›',
      b: '‹secret:1›',
      '‹secret:1›': 1,
      other: 12,
    })
  })

  it('never throws, whatever it meets', () => {
    const boom = () => {
      throw new Error('trap')
    }
    const hostile = new Proxy({}, new Proxy({}, { get: () => boom }))
    const withGetter = Object.defineProperty({ ok: 1 }, 'bad', { enumerable: true, get: boom })
    expect(redactValue({ hostile, withGetter })).toEqual({
      hostile: '‹unreadable›',
      withGetter: { ok: 1, bad: '‹unreadable›' },
    })
    const cyclic: Record<string, unknown> = { id: 1 }
    cyclic['self'] = cyclic
    expect(redactValue(cyclic)).toEqual({ id: 1, self: '‹cyclic›' })
    let deep: unknown = 'pwd=abc'
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(JSON.stringify(redactValue(deep))).toContain('‹deeper›')
    const shared = { note: 'pwd=abc' }
    let wide: unknown = shared
    for (let i = 0; i < 60; i++) wide = { a: wide, b: wide }
    expect(() => redactValue(wide)).not.toThrow()
  })

  it('redacting twice is redacting once, for any value', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.constantFrom('pwd=abc', 'token: "x y z w"', '‹redacted:jwt›', '4111111111111111'),
      fc.integer(),
      fc.bigInt(),
      fc.date(),
    )
    const name = fc.oneof(fc.string(), fc.constantFrom('password', 'token', '__proto__', 'pwd=abc', 'cookie'))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(name, tie('value')),
        fc.array(fc.tuple(name, tie('value'))).map((pairs) => new Map(pairs)),
      ),
    }))
    fc.assert(
      fc.property(value, fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 2 }), (any, known) => {
        const once = redactValue(any, known)
        expect(redactValue(once, known)).toBe(once)
      }),
      { seed: 11, numRuns: 1_000 },
    )
    fc.assert(
      fc.property(fc.anything(), (any) => void redactValue(any)),
      { seed: 12, numRuns: 500 },
    )
  })

  it('leaves prototypes alone', () => {
    const redacted = redactValue(JSON.parse('{"__proto__":{"password":"x"}}')) as object
    expect(Object.getPrototypeOf(redacted)).toBe(Object.prototype)
    expect(JSON.stringify(redacted)).toBe(`{"__proto__":{"password":"${named}"}}`)
  })
})

describe('isSecretName', () => {
  it.each([
    'password',
    'PASSWORD',
    'dbPassword',
    'user_password',
    'passwd',
    'pwd',
    'pass',
    'db_pass',
    'passphrase',
    'secret',
    'clientSecret',
    'token',
    'accessToken',
    'refresh_token',
    'x-api-key',
    'apiKey',
    'api_key',
    'Authorization',
    'cookie',
    'Set-Cookie',
    'privateKey',
    'password_confirmation',
    'secret2',
    'credentials',
    'sessionId',
    'cvv',
  ])('%s', (name) => {
    expect(isSecretName(name)).toBe(true)
  })

  it.each([
    'passport',
    'compass',
    'bypass',
    'passenger',
    'secretary',
    'tokens',
    'max_tokens',
    'token_type',
    'key',
    'keys',
    'primary_key',
    'author',
    'cookieBanner',
    'signature',
    'id',
    'opinion',
    'spin',
    '',
  ])('not %s', (name) => {
    expect(isSecretName(name)).toBe(false)
  })
})
