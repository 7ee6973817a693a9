import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanPayloads } from './clean-payloads.fixture.ts'
import { detectors } from './detectors.ts'
import { plantedSecrets } from './planted-secrets.fixture.ts'
import { redactText } from './redact-text.ts'
import { redactValue } from './redact-value.ts'

const planted = plantedSecrets()

describe('planted secrets', () => {
  it('are more than sixty, of every kind', () => {
    expect(planted.length).toBeGreaterThanOrEqual(60)
    for (const [where, text, secret] of planted) expect(text, where).toContain(secret)
  })

  it.each(planted)('%s is not left in clear', (_where, text, secret) => {
    const redacted = redactText(text)
    expect(redacted).not.toContain(secret)
    expect(redacted).toMatch(/‹redacted:[a-z-]+›/)
    expect(redactText(redacted)).toBe(redacted)
  })

  it.each(planted)('%s is not left in clear inside a value, a list, an Error, JSON', (_where, text, secret) => {
    const value = redactValue({ rows: [{ note: text }], error: new Error(text, { cause: new Error(text) }) })
    expect(JSON.stringify(value)).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(redactText(JSON.stringify({ note: text }))).not.toContain(JSON.stringify(secret).slice(1, -1))
  })

  it('leave the rest of a text readable', () => {
    expect(redactText('connect failed: postgres://app:hunter2@db.local:5432/orders, retry 3')).toBe(
      'connect failed: postgres://app:‹redacted:url-password›@db.local:5432/orders, retry 3',
    )
    expect(redactText('{"user":"ann","password":"open sesame","n":1}')).toBe(
      '{"user":"ann","password":"‹redacted:assigned›","n":1}',
    )
    expect(redactText('login(user=ann, password=abc) failed')).toBe(
      'login(user=ann, password=‹redacted:assigned›) failed',
    )
  })
})

describe('clean text', () => {
  it.each([
    'Unexpected token } in JSON at position 4',
    'Unexpected token: punc (})',
    'SyntaxError: Unexpected token \'<\', "<!DOCTYPE "... is not valid JSON',
    'invalid token: expected a string',
    'password: Required',
    'password: must be at least 8 characters',
    "Access denied for user 'app'@'localhost' (using password: YES)",
    'password authentication failed for user "app"',
    'TokenExpiredError: jwt expired',
    'max_tokens: 4096 exceeds the limit',
    'duplicate key value violates unique constraint "users_email_key"',
    'Key (email)=(ann@example.org) already exists.',
    'Basic authentication failed',
    'Bearer authentication is required',
    'www-authenticate: Bearer realm="api"',
    'null value in column "password" of relation "users"',
    'Cookie: none',
    'http://127.0.0.1:8080/orders?id=7&email=ann@example.org timed out',
    'git@github.com:org/repo.git',
    'order ORD-4111111111111111 is late',
    'sk-SK-locale-and-a-long-slug-without-end',
    'measured 0.4111111111111111 of 1',
    'trace 4bf92f3577b34da6a3ce929d0e0e4736',
    'token: ***',
    'failed;code=ECONNRESET',
    'docker run -u 1000:1000 app',
    'the token is missing',
    'password is: required',
    'token authentication-required here',
    'PWD is not set',
    '',
  ])('%s', (text) => {
    expect(redactText(text)).toBe(text)
  })

  it('is masked in at most 1 % of 10,000 payloads', () => {
    const payloads = cleanPayloads(10_000, 7)
    const masked = payloads.filter((payload) => redactValue(payload) !== payload)
    expect(masked.length).toBeLessThanOrEqual(100)
    const asText = payloads.map((payload) => JSON.stringify(payload)).filter((text) => redactText(text) !== text)
    expect(asText.length).toBeLessThanOrEqual(100)
  })
})

describe('known values', () => {
  const known = ['4111111111111111', 'Zoë "the" O\'Hara/+', 'abc', 'multi\nline secret of sixteen\nend']

  it.each([
    ['as it is', 'card 4111111111111111 declined', '‹secret:1›'],
    ['inside digits', 'x94111111111111111y', '‹secret:1›'],
    ['JSON-escaped', JSON.stringify({ n: known[1] }), '‹secret:2›'],
    ['JSON-escaped twice', JSON.stringify(JSON.stringify({ n: known[1] })), '‹secret:2›'],
    ['URL-encoded', `/find?n=${encodeURIComponent(known[1]!)}`, '‹secret:2›'],
    ['form-encoded', String(new URLSearchParams({ n: known[1]! })), '‹secret:2›'],
    ['base64', `body ${Buffer.from(known[1]!).toString('base64')}`, '‹secret:2›'],
    ['base64 at an offset', `body ${Buffer.from(`u:${known[1]} x`).toString('base64')}`, '‹secret:2›'],
    ['base64url', `body ${Buffer.from(known[1]!).toString('base64url')}`, '‹secret:2›'],
    ['one line of it', 'at: line secret of sixteen', '‹secret:4›'],
  ])('are masked %s', (_how, text, mark) => {
    const redacted = redactText(text, known)
    expect(redacted).toContain(mark)
    for (const secret of [known[0]!, 'Hara', 'sixteen']) expect(redacted).not.toContain(secret)
    expect(redactText(redacted, known)).toBe(redacted)
  })

  it('are left when shorter than 4 characters, and numbered by their place', () => {
    expect(redactText('abc', known)).toBe('abc')
    expect(redactText('long-value', ['x', '', 'long-value'])).toBe('‹secret:3›')
  })

  it('never break a mark, even if they spell a part of one', () => {
    const words = ['secret', 'redacted', '‹sec', 'assigned']
    const once = redactText('secret redacted assigned password=hunter2', words)
    expect(once).toBe('‹secret:1› ‹secret:2› ‹secret:4› password=‹redacted:assigned›')
    expect(redactText(once, words)).toBe(once)
  })

  it('are masked wherever they are, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          fc.pre(!'‹secret:1›'.includes(secret) && !/‹|›/.test(secret))
          const texts = [
            secret,
            JSON.stringify(secret).slice(1, -1),
            encodeURIComponent(secret),
            Buffer.from(secret).toString('base64url'),
          ]
          for (const text of texts) expect(redactText(`${before} ${text} ${after}`, [secret])).toContain('‹')
        },
      ),
      { seed: 5 },
    )
  })
})

describe('laws', () => {
  const fragment = fc.oneof(
    fc.constantFrom(...planted.map(([, text]) => text)),
    fc.constantFrom(
      'password',
      '=',
      ':',
      '"',
      '\\"',
      "'",
      ' ',
      '\n',
      '‹redacted:jwt›',
      '‹secret:1›',
      '‹',
      '›',
      'token=',
      '://',
      '@',
      'Bearer ',
      'eyJ',
      '-----BEGIN RSA PRIVATE KEY-----',
      '4111111111111111',
      '<secret>',
      '--token ',
      '%22',
      '&',
    ),
    fc.string(),
    fc.string({ unit: 'binary' }),
  )
  const text = fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join(''))

  it('redacting twice is redacting once', () => {
    fc.assert(
      fc.property(text, fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }), (value, known) => {
        const once = redactText(value, known)
        expect(redactText(once, known)).toBe(once)
      }),
      { seed: 6, numRuns: 2_000 },
    )
  })

  it('lets no text go by the hint that a detector would mask', () => {
    fc.assert(
      fc.property(text, (value) => {
        const detected = detectors.reduce((masked, detector) => detector(masked), value)
        if (detected !== value) expect(redactText(value)).not.toBe(value)
      }),
      { seed: 8, numRuns: 1_000 },
    )
    for (const name of [
      'connect.sid',
      'cvv',
      'otp',
      'csrf',
      'auth_key',
      'license key',
      'credentials',
      'JSESSIONID',
      'passcode',
    ])
      expect(redactText(`${name}=a1b2c3d4`)).toMatch(/=‹redacted:assigned›$/)
  })

  it('answers the same text when there is nothing to mask', () => {
    fc.assert(
      fc.property(fc.lorem(), (value) => {
        expect(redactText(value)).toBe(value)
      }),
      { seed: 7 },
    )
  })

  it.each([
    'eyJ',
    '-eyJaaaaaaaaa',
    'eyJaaaaaaaaa.',
    'password',
    'password=',
    'password="',
    "password='\\",
    '://',
    '://a:',
    '://a:a',
    'a://a:bbbbbbbbbb',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    '-----END ',
    'bearer ',
    'basic a',
    'authorization:',
    'authorization: digest ',
    'cookie:',
    'cookie: a=b;',
    '4111 ',
    '4111-',
    '41111111',
    '3782 822463 ',
    '<',
    '<password ',
    '<a.password>',
    '--',
    '-- ',
    '--a-',
    '--password ',
    'identified by ',
    'sk-',
    'sk-a',
    'SG.',
    'SG.aaaaaaaaaaaaaaaaaaaa.',
    'xoxb-',
    'ghp_',
    ' ',
    '\\',
    '\\\\\\"',
    '"',
    '‹',
    '‹secret:1›',
    'secret: ',
    'token\\\\\\\\"',
    '%22',
    '[(',
    'password=)',
    'a',
    '0',
    'pass',
    'api-key = [',
    'mongodb://',
    'mongodb://a:',
    'AKIA',
    '\n',
  ])('takes time in proportion to the length of %j repeated', (piece) => {
    const timeMs = (length: number) => {
      const value = `${piece.repeat(Math.ceil(length / piece.length)).slice(0, length)}!`
      const start = performance.now()
      redactText(value)
      return performance.now() - start
    }
    timeMs(30_000)
    const small = Math.min(timeMs(30_000), timeMs(30_000))
    const large = Math.min(timeMs(240_000), timeMs(240_000))
    // Eight times the text: quadratic would be 64 times the time.
    expect(large).toBeLessThan(Math.max(24 * small, 60))
  })
})
