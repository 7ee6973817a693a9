import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dispositions, type ErrorType, errorTypes } from '../model/classification.ts'
import { rule } from '../model/rule.ts'
import { classify, classifyRecord } from './classify.ts'
import { FailError } from './fail-error.ts'

const coded = (message: string, code: string, cause?: unknown) => Object.assign(new Error(message, { cause }), { code })
const statused = (message: string, status: number, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { status })
const verdictOf = (thrown: unknown) => {
  const { type, disposition } = classify(thrown)
  return `${type}/${disposition}`
}

describe('the innermost stated cause', () => {
  it.each<[what: string, thrown: unknown, verdict: string]>([
    [
      'of a chain wins over its wrappers',
      new Error('validation failed', {
        cause: new Error('rate limited', { cause: coded('connect ECONNREFUSED 10.0.0.1:5432', 'ECONNREFUSED') }),
      }),
      'network/recoverable',
    ],
    [
      'wins over the status of its wrapper',
      statused('Bad Gateway', 502, new SyntaxError('Unexpected end of JSON input')),
      'parsing/permanent',
    ],
    [
      'gives way when it says nothing',
      coded('duplicate key value violates unique constraint "a"', '23505', new Error('something went wrong')),
      'conflict/permanent',
    ],
    ['gives way when it is an empty object', new Error('read ECONNRESET', { cause: {} }), 'network/transient'],
    [
      'of fetch is the socket',
      new TypeError('fetch failed', { cause: coded('other side closed', 'UND_ERR_SOCKET') }),
      'network/transient',
    ],
    [
      'of fetch is the certificate',
      new TypeError('fetch failed', { cause: coded('certificate has expired', 'CERT_HAS_EXPIRED') }),
      'network/fatal',
    ],
    ['is a text', new Error('cannot save', { cause: 'deadlock detected' }), 'conflict/recoverable'],
    [
      'is a member of an AggregateError',
      new AggregateError([null, coded('connect ECONNREFUSED ::1:5432', 'ECONNREFUSED')]),
      'network/recoverable',
    ],
    [
      'in the words of the message',
      new Error('Failed to validate order: connect ECONNREFUSED 10.0.0.1:5432'),
      'network/recoverable',
    ],
    [
      'after "caused by"',
      new Error('Validation failed, caused by: connect ECONNREFUSED 10.0.0.1:5432'),
      'network/recoverable',
    ],
    [
      'after the last of two',
      new Error('read ECONNRESET, caused by: timeout of 5000ms exceeded, caused by: deadlock detected'),
      'conflict/recoverable',
    ],
    [
      'after "reason"',
      new Error('request to https://a.example/ failed, reason: getaddrinfo ENOTFOUND a.example'),
      'network/recoverable',
    ],
    [
      'at the end of a cut message',
      new Error(`batch ${'x'.repeat(1e6)}: connect ECONNREFUSED 10.0.0.1:1`),
      'network/recoverable',
    ],
  ])('%s', (_what, thrown, verdict) => {
    expect(verdictOf(thrown)).toBe(verdict)
  })

  it('20,000 levels down is found', () => {
    let error: unknown = coded('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED')
    for (let depth = 0; depth < 20_000; depth++) error = new Error('wrapper', { cause: error })
    expect(verdictOf(error)).toBe('network/recoverable')
  })

  it('is named in why, with rule and depth', () => {
    const said = classify(
      new Error('cannot load', { cause: coded('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED') }),
    )
    expect(said.why).toBe(
      'rule node/ECONNREFUSED: code ECONNREFUSED in cause "connect ECONNREFUSED 127.0.0.1:5432" (1 level down)',
    )
    expect(said).toMatchObject({ by: 'rule', confidence: 0.99, code: 'ECONNREFUSED', severity: 'warning' })
  })
})

describe('a specific message', () => {
  it.each<[what: string, record: Parameters<typeof classifyRecord>[0], verdict: string]>([
    ['a 400 that says rate exceeded', { status: 400, message: 'Rate exceeded' }, 'rate_limit/recoverable'],
    [
      'a 403 that says slow down',
      { status: 403, message: 'SlowDown: Please reduce your request rate.' },
      'rate_limit/recoverable',
    ],
    [
      'a 500 with a duplicate key',
      { status: 500, message: 'duplicate key value violates unique constraint "orders_pkey"' },
      'conflict/permanent',
    ],
    ['a timeout as the subject of a rule', { message: 'timeout must be a positive integer' }, 'validation/permanent'],
    [
      'a validation service that is down',
      { message: 'Validation service unavailable (503)' },
      'dependency/recoverable',
    ],
    ['a 401 of an expired token', { status: 401, message: 'The access token has expired' }, 'auth/recoverable'],
    [
      'a 429 without credit',
      {
        status: 429,
        code: 'insufficient_quota',
        message: 'You exceeded your current quota, please check your plan and billing details.',
      },
      'rate_limit/fatal',
    ],
    [
      'ECONNABORTED as axios uses it',
      { code: 'ECONNABORTED', message: 'timeout of 5000ms exceeded' },
      'timeout/transient',
    ],
    ['ENOENT of a program', { code: 'ENOENT', message: 'spawn ffmpeg ENOENT' }, 'system/fatal'],
    ['ENOMEM of a program', { code: 'ENOMEM', message: 'spawn ENOMEM' }, 'memory/fatal'],
    [
      'ECONNRESET in a TLS handshake',
      {
        code: 'ECONNRESET',
        message: 'Client network socket disconnected before secure TLS connection was established',
      },
      'network/transient',
    ],
    ['57014 by the user', { code: '57014', message: 'canceling statement due to user request' }, 'business/permanent'],
    [
      'a role that may not have more connections',
      { code: '53300', message: 'too many connections for role "etl"' },
      'rate_limit/recoverable',
    ],
    [
      'a proxy that cannot reach its upstream',
      {
        status: 503,
        message: 'upstream connect error or disconnect/reset before headers. reset reason: connection refused',
      },
      'dependency/recoverable',
    ],
    [
      'a wait for a lock that timed out',
      { message: 'canceling statement due to lock timeout', code: '55P03' },
      'conflict/recoverable',
    ],
    [
      'EPERM on the rename of a Windows path',
      { code: 'EPERM', message: "EPERM: operation not permitted, rename 'C:\\a.tmp' -> 'C:\\a'" },
      'filesystem/recoverable',
    ],
    [
      'EPERM on a path of Linux',
      { code: 'EPERM', message: "EPERM: operation not permitted, rename '/a.tmp' -> '/a'" },
      'filesystem/permanent',
    ],
    ['SQLITE_ERROR of a missing table', { code: 'SQLITE_ERROR', message: 'no such table: orders' }, 'schema/fatal'],
    [
      'the size of a message',
      { message: '8 RESOURCE_EXHAUSTED: Received message larger than max (5 vs. 4)' },
      'validation/permanent',
    ],
  ])('%s wins over code and status', (_what, record, verdict) => {
    const { type, disposition } = classifyRecord(record)
    expect(`${type}/${disposition}`).toBe(verdict)
  })

  it('in colours is still understood', () => {
    expect(verdictOf(new Error('\x1b[31mconnect \x1b[1mECONNREFUSED\x1b[0m 10.0.0.1:1'))).toBe('network/recoverable')
  })

  it('quoted from a document means nothing', () => {
    expect(verdictOf(new SyntaxError(`Unexpected token 'r', "reason: deadlock detected" is not valid JSON`))).toBe(
      'parsing/permanent',
    )
  })

  it('is not read out of an address', () => {
    expect(verdictOf(statused('HTTP 404 from https://a.example/rate-limit-exceeded/deadlock', 404))).toBe(
      'business/permanent',
    )
  })

  it('in the server’s answer that a client keeps apart is read', () => {
    const error = Object.assign(new Error('Request failed with status code 400'), {
      code: 'ERR_BAD_REQUEST',
      response: { status: 400, data: { error: { message: 'Rate exceeded' } } },
    })
    expect(verdictOf(error)).toBe('rate_limit/recoverable')
  })
})

describe('without a message', () => {
  it.each<[what: string, thrown: unknown, verdict: string]>([
    ['a code', coded('', 'EPIPE'), 'network/transient'],
    ['a code on a plain object', { code: 'ECONNRESET' }, 'network/transient'],
    ['a status', statused('', 503), 'dependency/recoverable'],
    ['a status that nobody listed', statused('', 599), 'dependency/transient'],
    ['a 4xx that nobody listed', statused('', 499 - 20), 'validation/permanent'],
    ['a status given as code', coded('', '404'), 'business/permanent'],
    ['a class name', new TypeError(''), 'system/permanent'],
    ['an AbortError', new DOMException('', 'AbortError'), 'timeout/transient'],
    [
      'the timeout of an attempt',
      Object.assign(new Error(''), { name: 'TimeoutError', code: 'RD-TIMEOUT' }),
      'timeout/transient',
    ],
    ['null', null, 'unknown/recoverable'],
    ['an empty Error', new Error(), 'unknown/recoverable'],
    ['words that say nothing', new Error('Something went wrong'), 'unknown/recoverable'],
  ])('%s decides', (_what, thrown, verdict) => {
    expect(verdictOf(thrown)).toBe(verdict)
  })

  it('and without anything else it is a fallback of confidence 0.3', () => {
    expect(classify(new Error('qwertz'))).toEqual({
      type: 'unknown',
      disposition: 'recoverable',
      severity: 'warning',
      confidence: 0.3,
      by: 'fallback',
      recommended: 'Read the error; a rule for it lets the next one be handled by itself.',
      why: 'no rule knows this error',
    })
  })
})

describe('a system that numbers otherwise', () => {
  it.each<[source: string | null, verdict: string]>([
    ['postgres', 'conflict/permanent'],
    [null, 'conflict/permanent'],
    ['mongodb', 'unknown/recoverable'],
  ])('said as %s gives 23505 its meaning', (source, verdict) => {
    const { type, disposition } = classifyRecord({ code: '23505', message: 'x', source })
    expect(`${type}/${disposition}`).toBe(verdict)
  })

  it('has SQLSTATE classes only where the error is of a SQL database', () => {
    expect(classifyRecord({ code: '22999', source: 'postgres' }).why).toBe('rule pg/22***: class of SQLSTATE 22999')
    expect(classifyRecord({ code: '22999' }).type).toBe('unknown')
    expect(classify(Object.assign(new Error('x'), { code: '22999', severity: 'ERROR' })).type).toBe('validation')
  })

  it('has no HTTP statuses in SMTP', () => {
    expect(classifyRecord({ status: 421, message: 'closing', source: 'smtp' }).by).toBe('fallback')
    expect(classifyRecord({ status: 421, message: 'closing' }).type).toBe('network')
  })
})

describe('ctx.fail', () => {
  it.each(dispositions)('has its %s kept, whatever the message says', (disposition) => {
    expect(classify(new FailError(disposition, 'read ECONNRESET'))).toMatchObject({
      type: 'business',
      disposition,
      by: 'rule',
      confidence: 1,
      why: 'said by the handler (ctx.fail)',
    })
  })
  it('is found under a wrapper', () => {
    expect(verdictOf(new Error('outer', { cause: new FailError('permanent', 'no address') }))).toBe(
      'business/permanent',
    )
  })
  it('gives way to the user’s rules', () => {
    const rules = [rule({ code: 'FAIL' }, { type: 'validation' })]
    expect(classify(new FailError('fatal', 'x'), { rules })).toMatchObject({
      type: 'validation',
      disposition: 'permanent',
    })
  })
})

describe('any failure', () => {
  it('gets a verdict of known words, a reason and a recommendation', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.string().map((message) => new Error(message)),
    )
    fc.assert(
      fc.property(anything, (thrown) => {
        const said = classify(thrown)
        expect(errorTypes).toContain(said.type satisfies ErrorType)
        expect(dispositions).toContain(said.disposition)
        expect(said.confidence > 0 && said.confidence <= 1).toBe(true)
        expect(said.why.length > 0 && said.why.length < 400 && said.recommended.length > 0).toBe(true)
      }),
      { seed: 11, numRuns: 500 },
    )
  })
})
