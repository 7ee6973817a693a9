import { describe, expect, it } from 'vitest'
import { capture } from './capture.ts'
import { fingerprintOf, templateOf, titleOf } from './fingerprint.ts'
import { cpuMs } from './testing/cpu-ms.ts'

const coded = (message: string, code: string, cause?: unknown) => Object.assign(new Error(message, { cause }), { code })

describe('fingerprint', () => {
  it.each([
    ['addresses', 'connect ECONNREFUSED 10.0.0.1:5432', 'connect ECONNREFUSED 192.168.7.20:80'],
    ['IPv6 addresses', 'connect ECONNREFUSED ::1:6379', 'connect ECONNREFUSED fe80:0:0:1::7:6379'],
    ['numbers', 'order 7 failed after 12.5 s', 'order 123456 failed after 3 s'],
    ['uuids', 'no item 550e8400-e29b-41d4-a716-446655440000', 'no item 00000000-0000-4000-8000-000000000000'],
    ['quoted names', 'relation "orders" does not exist', 'relation "trips" does not exist'],
    [
      'paths',
      "ENOENT: no such file or directory, open '/data/a.csv'",
      "ENOENT: no such file or directory, open 'C:\\b.csv'",
    ],
    ['addresses of people', 'mail to ann@example.com bounced', 'mail to bob.b@mail.example.org bounced'],
    ['urls', 'GET https://a.example/x?y=1 failed', 'GET http://b.example:8080/ failed'],
    ['times', 'expired at 2026-04-14T08:12:00Z', 'expired at 2025-01-01 00:00:00.123'],
    ['hashes', 'blob 7f3a9b2c1d4e5f60 is gone', 'blob 00ff00ff00ff00ff00ff is gone'],
  ])('does not count %s', (_what, one, other) => {
    expect(fingerprintOf(capture(new Error(one)))).toBe(fingerprintOf(capture(new Error(other))))
  })

  it('tells codes, classes, statuses, words and wrappers apart', () => {
    const prints = [
      capture(new Error('refused')),
      capture(new TypeError('refused')),
      capture(coded('refused', 'A')),
      capture(coded('refused', 'B')),
      capture(Object.assign(new Error('refused'), { status: 503 })),
      capture(new Error('denied')),
      capture(new RangeError('wrapped', { cause: new Error('refused') })),
    ].map((failure) => failure.fingerprint)
    expect(new Set(prints).size).toBe(prints.length)
  })

  it('is the innermost cause, whatever the wrapper says', () => {
    const cause = coded('connect ECONNREFUSED 10.0.0.1:1', 'ECONNREFUSED')
    expect(capture(new Error('order 1', { cause })).fingerprint).toBe(
      capture(new Error('loading customers', { cause })).fingerprint,
    )
  })

  it('stays the same from version to version', () => {
    expect(capture(coded('connect ECONNREFUSED 10.0.0.1:5432', 'ECONNREFUSED')).fingerprint).toBe('v1:fc48a59cebe0da06')
    expect(capture(null).fingerprint).toBe('v1:e08a5337604c9f76')
  })
})

describe('title', () => {
  it.each<[thrown: unknown, title: string]>([
    [
      new Error('wrapper', { cause: coded('connect ECONNREFUSED 10.0.0.1:5432', 'ECONNREFUSED') }),
      'connect ECONNREFUSED <ip>',
    ],
    [new SyntaxError('Unexpected end of JSON input'), 'SyntaxError: Unexpected end of JSON input'],
    [coded('', 'E7'), 'Error E7'],
    [null, 'null'],
    [new Error('a\nb   c'), 'a b c'],
  ])('of %s is %s', (thrown, title) => {
    expect(titleOf(capture(thrown))).toBe(title)
  })

  it('is at most 120 characters', () => {
    expect(titleOf(capture(new Error('word '.repeat(500)))).length).toBeLessThanOrEqual(120)
  })

  it('leaves apostrophes within words alone', () => {
    expect(templateOf("can't open: it isn't there")).toBe("can't open: it isn't there")
  })

  it.each(['"', 'a.', '1:', '/', '0', 'a@', "'", '-'])('is linear on %s, 5,000 times', (bad) => {
    expect(cpuMs(() => templateOf(bad.repeat(5_000)))).toBeLessThan(5)
  })
})
