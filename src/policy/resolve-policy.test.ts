import { expect, test } from 'vitest'
import { type dispositions, errorTypes } from '../model/classification.ts'
import type { Policy } from '../model/policy.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { resolvePolicy } from './resolve-policy.ts'
import { resolveRule } from './retry-rule.ts'

const apply = (
  policy: Policy | undefined,
  disposition: (typeof dispositions)[number],
  type: (typeof errorTypes)[number],
) => resolvePolicy(policy).apply({ disposition, type })

test('without a policy transient and recoverable are retried, permanent is quarantined, fatal stops', () => {
  for (const type of errorTypes) {
    expect(apply(undefined, 'transient', type)).toMatchObject({
      verdict: 'retry',
      countKey: 'transient',
      afterwards: 'quarantine',
    })
    expect(apply(undefined, 'recoverable', type)).toMatchObject({ verdict: 'retry', countKey: 'recoverable' })
    expect(apply({}, 'permanent', type)).toMatchObject({ verdict: 'quarantine', from: 'the default for permanent' })
    expect(apply({}, 'fatal', type)).toMatchObject({ verdict: 'stop', afterwards: 'stop' })
  }
  expect(apply(undefined, 'transient', 'network').rule).toEqual({
    attempts: 4,
    backoff: 'exponential',
    baseMs: 1000,
    factor: 2,
    maxMs: 60_000,
    jitter: 'full',
    elapsedMs: 300_000,
  })
})

test('rules are merged field by field, the type over the disposition', () => {
  const when = () => true
  const policy: Policy = {
    transient: { attempts: 7, base: '100ms', jitter: 'none', elapsed: '1h' },
    network: { base: '20ms', max: '2s', factor: 3, backoff: 'linear', when },
  }
  expect(apply(policy, 'transient', 'network')).toMatchObject({
    verdict: 'retry',
    countKey: 'transient',
    rule: {
      attempts: 7,
      baseMs: 20,
      factor: 3,
      maxMs: 2000,
      jitter: 'none',
      elapsedMs: 3_600_000,
      backoff: 'linear',
      when,
    },
    given: { attempts: 'transient', baseMs: 'network', jitter: 'transient', when: 'network' },
  })
  expect(apply(policy, 'transient', 'timeout').rule).toMatchObject({ attempts: 7, baseMs: 100, backoff: 'exponential' })
  expect(apply({ ...policy, network: { attempts: 2 } }, 'transient', 'network').countKey).toBe('network')
})

test.each<[string, Policy, (typeof dispositions)[number], (typeof errorTypes)[number], object]>([
  [
    'a verdict under the type wins over a rule under the disposition',
    { transient: { attempts: 9 }, timeout: 'skip' },
    'transient',
    'timeout',
    { verdict: 'skip', from: 'policy.timeout' },
  ],
  [
    'a rule under permanent makes it retry',
    { permanent: { attempts: 2 } },
    'permanent',
    'business',
    { verdict: 'retry', afterwards: 'quarantine' },
  ],
  [
    'a rule with attempts under a type makes a permanent failure retry',
    { conflict: { attempts: 8 } },
    'permanent',
    'conflict',
    { verdict: 'retry', countKey: 'conflict' },
  ],
  [
    'a rule without attempts under a type retries nothing that is permanent',
    { network: { base: '1ms' } },
    'permanent',
    'network',
    { verdict: 'quarantine' },
  ],
  [
    'a retry under a type takes the defaults',
    { schema: 'retry' },
    'permanent',
    'schema',
    { verdict: 'retry', countKey: 'permanent' },
  ],
  [
    'a verdict under a disposition holds for its types',
    { permanent: 'skip' },
    'permanent',
    'parsing',
    { verdict: 'skip', from: 'policy.permanent' },
  ],
  [
    'a verdict under a disposition is what retries of a type end in',
    { permanent: 'skip', parsing: { attempts: 2 } },
    'permanent',
    'parsing',
    { verdict: 'retry', afterwards: 'skip' },
  ],
  [
    'retries before a fatal failure still end in a stop',
    { auth: { attempts: 2 } },
    'fatal',
    'auth',
    { verdict: 'retry', afterwards: 'stop' },
  ],
  [
    'a retried fatal failure still ends in a stop',
    { fatal: 'retry' },
    'fatal',
    'system',
    { verdict: 'retry', afterwards: 'stop' },
  ],
  [
    'a fatal failure can be told to be quarantined',
    { fatal: 'quarantine' },
    'fatal',
    'system',
    { verdict: 'quarantine' },
  ],
  ['compensate is a verdict', { business: 'compensate' }, 'permanent', 'business', { verdict: 'compensate' }],
  [
    'undefined fields and keys are as if they were not there',
    { transient: { attempts: undefined }, network: undefined } as unknown as Policy,
    'transient',
    'network',
    { verdict: 'retry', countKey: 'transient', rule: { attempts: 4 } },
  ],
])('%s', (_name, policy, disposition, type, expected) => {
  expect(apply(policy, disposition, type)).toMatchObject(expected)
})

test.each<[unknown, 'RD-1101' | 'RD-1102', RegExp]>([
  [{ transient: { base: '10 s' } }, 'RD-1101', /^RD-1101: policy\.transient\.base is '10 s', not a length of time$/],
  [{ transient: { max: '-5s' } }, 'RD-1101', /policy\.transient\.max is '-5s'/],
  [{ transient: { elapsed: '1e3s' } }, 'RD-1101', /policy\.transient\.elapsed/],
  [{ transient: { base: 1000 } }, 'RD-1101', /policy\.transient\.base is 1000/],
  [{ network: { attempts: 0 } }, 'RD-1101', /policy\.network\.attempts is 0, not a whole number from 1/],
  [{ network: { attempts: 2.5 } }, 'RD-1101', /policy\.network\.attempts is 2\.5/],
  [{ network: { attempts: Number.NaN } }, 'RD-1101', /is NaN/],
  [{ network: { attempts: '3' } }, 'RD-1101', /is '3'/],
  [{ network: { factor: 0.5 } }, 'RD-1101', /policy\.network\.factor is 0\.5, not a number from 1/],
  [{ network: { factor: Number.POSITIVE_INFINITY } }, 'RD-1101', /policy\.network\.factor/],
  [{ network: { jitter: 'ful' } }, 'RD-1101', /policy\.network\.jitter is 'ful', not one of 'full', 'equal', 'none'/],
  [{ network: { backoff: 'expo' } }, 'RD-1101', /policy\.network\.backoff is 'expo'/],
  [{ network: { backoff: 5 } }, 'RD-1101', /policy\.network\.backoff/],
  [{ network: { when: true } }, 'RD-1101', /policy\.network\.when is true, not a function/],
  [{ network: 'retri' }, 'RD-1101', /policy\.network is 'retri'/],
  [{ network: 3 }, 'RD-1101', /policy\.network is 3, not an object/],
  [{ network: [] }, 'RD-1101', /policy\.network is a list/],
  [null, 'RD-1101', /policy is null, not an object/],
  [() => 1, 'RD-1101', /policy is of type function/],
  [{ netwrok: {} }, 'RD-1102', /policy\.netwrok is not known: did you mean 'network'\?/],
  [{ ratelimit: {} }, 'RD-1102', /did you mean 'rate_limit'\?/],
  [{ transient: { attemps: 3 } }, 'RD-1102', /policy\.transient\.attemps is not known: did you mean 'attempts'\?/],
  [{ transient: { zzzzzzzzz: 3 } }, 'RD-1102', /policy\.transient\.zzzzzzzzz is not known$/],
  [JSON.parse('{"__proto__": {}}'), 'RD-1102', /policy\.__proto__ is not known/],
])('%j is refused with %s', (policy, code, message) => {
  const resolve = () => resolvePolicy(policy as Policy)
  expect(resolve).toThrow(message)
  expect(resolve).toThrow(RedriveError)
  expect(resolve).toThrow(expect.objectContaining({ code }))
})

test('a bad name says in its fix what was probably meant', () => {
  expect(() => resolvePolicy({ network: 'quarantin' as 'quarantine' })).toThrow(
    expect.objectContaining({ fix: "Did you mean 'quarantine'?" }),
  )
})

test('a rule alone is resolved with the defaults', () => {
  expect(resolveRule(undefined)).toEqual(resolveRule({}))
  expect(() => resolveRule({ base: 'x' as '1s' })).toThrow(/rule\.base/)
})

test('words that it does not know are taken as recoverable and unknown', () => {
  const applied = resolvePolicy({ unknown: { attempts: 9 } }).apply({
    type: 'magic' as 'unknown',
    disposition: 'cursed' as 'fatal',
  })
  expect(applied).toMatchObject({ verdict: 'retry', countKey: 'unknown', rule: { attempts: 9 } })
})
