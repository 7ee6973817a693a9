import { describe, expect, test } from 'vitest'
import type { Classification, ErrorType } from '../model/classification.ts'
import type { Uncounted } from '../model/decision.ts'
import type { CapturedFailure } from '../model/failure.ts'
import type { Policy } from '../model/policy.ts'
import { decide, type Situation, totalCap } from './decide.ts'
import { excludeMs, noProgress, type Progress } from './progress.ts'
import { resolvePolicy } from './resolve-policy.ts'

const failure: CapturedFailure = { name: 'Error', message: 'down', causes: [], fingerprint: 'v1:0' }
const classified = (type: ErrorType, disposition: Classification['disposition'] = 'transient'): Classification => ({
  type,
  disposition,
  severity: 'error',
  confidence: 1,
  recommended: '',
  by: 'rule',
  why: '',
})
const down = { name: 'bank', open: false, answeredSince: false, othersFailed: 2, onlyCaller: false }

function situation(given: Partial<Situation> = {}): Situation {
  return {
    classification: classified('network'),
    failure,
    attempts: 1,
    progress: noProgress,
    nowMs: 1_000_000,
    ...given,
  }
}
const decideWith = (given: Partial<Situation>, policy: Policy = {}, roll = 0.5) =>
  decide(situation(given), resolvePolicy(policy), () => roll)

/** Fails the same way until something else than a retry is decided. */
function runOut(given: Partial<Situation>, policy: Policy, stepMs = 0) {
  let progress: Progress = noProgress
  let nowMs = 1_000_000
  for (let attempts = 1; attempts <= 100; attempts++) {
    const decided = decideWith({ ...given, attempts, progress, nowMs }, policy)
    if (decided.decision.kind !== 'retry') return { attempts, ...decided }
    progress = decided.progress
    nowMs += decided.decision.delayMs + stepMs
  }
  throw new Error('retried without end')
}

test('a transient failure is retried, with the numbers in the reason', () => {
  const policy: Policy = { transient: { attempts: 5, base: '368ms', jitter: 'equal' } }
  const first = decideWith({}, policy, 0)
  expect(first.decision).toEqual({
    kind: 'retry',
    delayMs: 184,
    countedUnder: 'transient',
    why: 'attempt 1 of 5 under transient: again in 184 ms',
  })
  expect(first.progress).toEqual({
    counted: { transient: 1 },
    firstFailedAtMs: 1_000_000,
    excludedMs: 0,
    lastDelayMs: 184,
  })
  const second = decideWith({ attempts: 2, progress: first.progress }, policy, 0)
  expect(second.decision.why).toBe('attempt 2 of 5 under transient: again in 368 ms')
})

test('a decorrelated delay follows the last one that the policy computed, not what a server asked for', () => {
  const policy: Policy = { transient: { backoff: 'decorrelated', base: '100ms' } }
  const progress: Progress = { counted: { transient: 1 }, excludedMs: 0, firstFailedAtMs: 999_000, lastDelayMs: 2_000 }
  expect(decideWith({ progress }, policy, 0.999999).decision).toMatchObject({ delayMs: 6_000 })
  const asked = decideWith({ progress, failure: { ...failure, retryAfterMs: 30_000 } }, policy, 0.999999)
  expect(asked.decision).toMatchObject({ delayMs: 30_000 })
  expect(asked.progress).toMatchObject({ lastDelayMs: 6_000, excludedMs: 30_000 })
})

test.each<[string, Policy, Classification, string, string]>([
  [
    'permanent is quarantined',
    {},
    classified('business', 'permanent'),
    'quarantine',
    'the default for permanent says quarantine (business, permanent), attempt 1',
  ],
  ['fatal stops', {}, classified('auth', 'fatal'), 'stop', 'the default for fatal says stop (auth, fatal), attempt 1'],
  [
    'skip skips',
    { validation: 'skip' },
    classified('validation', 'permanent'),
    'skip',
    'policy.validation says skip (validation, permanent), attempt 1',
  ],
  [
    'compensate compensates',
    { business: 'compensate' },
    classified('business', 'permanent'),
    'compensate',
    'policy.business says compensate (business, permanent), attempt 1',
  ],
  [
    'a verdict of the policy needs no attempt to end',
    { network: 'quarantine' },
    classified('network'),
    'quarantine',
    'policy.network says quarantine (network, transient), attempt 1',
  ],
  [
    'a single attempt ends at once',
    { transient: { attempts: 1 } },
    classified('network'),
    'quarantine',
    'attempt 1 of 1 under transient: no attempt left',
  ],
  [
    'retries of what is fatal end in a stop',
    { auth: { attempts: 1 } },
    classified('auth', 'fatal'),
    'stop',
    'attempt 1 of 1 under auth: no attempt left, then stop',
  ],
])('%s', (_name, policy, classification, kind, why) => {
  expect(decideWith({ classification }, policy).decision).toEqual({ kind, why })
})

describe('the end of retrying', () => {
  test.each<[number, Policy]>([
    [4, {}],
    [7, { transient: { attempts: 7 } }],
    [2, { transient: { attempts: 7 }, network: { attempts: 2 } }],
    [totalCap, { transient: { attempts: 100, elapsed: '9d' } }],
  ])('comes at attempt %i under %j', (attempts, policy) => {
    const ended = runOut({}, policy)
    expect(ended.attempts).toBe(attempts)
    expect(ended.decision.kind).toBe('quarantine')
  })

  test('comes when more than the elapsed limit has passed since the first counted failure', () => {
    const policy: Policy = { transient: { attempts: 20, elapsed: '10s', base: '0s' } }
    expect(runOut({}, policy, 2_000).attempts).toBe(7)
    expect(runOut({}, policy, 2_000).decision.why).toBe(
      'attempt 7 of 20 under transient: 12.0 s since the first failure, above 10.0 s (policy.transient.elapsed)',
    )
  })

  test('is not brought nearer by waits that the server asked for', () => {
    const policy: Policy = { transient: { attempts: 20, elapsed: '10s', base: '0s' } }
    const asked = { failure: { ...failure, retryAfterMs: 60_000 } }
    expect(runOut(asked, policy, 0).attempts).toBe(20)
    expect(runOut(asked, policy, 2_000).attempts).toBe(7)
  })

  test('is not brought nearer by the time an item was held', () => {
    const policy: Policy = { transient: { attempts: 20, elapsed: '10s' } }
    const { progress } = decideWith({}, policy)
    const nowMs = 1_000_000 + 7_200_000
    expect(decideWith({ progress, nowMs }, policy).decision.kind).toBe('quarantine')
    expect(decideWith({ progress: excludeMs(progress, 7_195_000), nowMs }, policy).decision.kind).toBe('retry')
    expect(excludeMs(noProgress, 5_000)).toEqual(noProgress)
  })

  test('counts each policy key apart, and all of them up to 25', () => {
    const policy: Policy = { transient: { attempts: 4 }, rate_limit: { attempts: 20 } }
    const progress: Progress = { counted: { transient: 3, rate_limit: 18 }, excludedMs: 0, firstFailedAtMs: 999_000 }
    expect(decideWith({ progress }, policy).decision.kind).toBe('quarantine')
    expect(decideWith({ progress, classification: classified('rate_limit') }, policy).decision).toMatchObject({
      kind: 'retry',
      countedUnder: 'rate_limit',
    })
    const many = { ...progress, counted: { transient: 3, rate_limit: 18, recoverable: 3 } }
    expect(decideWith({ progress: many, classification: classified('rate_limit') }, policy).decision.why).toBe(
      'attempt 19 of 20 under rate_limit: 25 failures in all, where every retrying ends',
    )
  })
})

describe('Retry-After', () => {
  test('is a floor for the delay', () => {
    const { decision } = decideWith({ failure: { ...failure, retryAfterMs: 30_000 } }, { transient: { base: '1s' } })
    expect(decision).toMatchObject({ kind: 'retry', delayMs: 30_000 })
    expect(decision.why).toBe('attempt 1 of 4 under transient: again in 30.0 s, as Retry-After asks')
  })

  test('does not shorten a longer delay', () => {
    const { decision } = decideWith(
      { failure: { ...failure, retryAfterMs: 1_000 } },
      { transient: { base: '40s', jitter: 'none' } },
    )
    expect(decision).toMatchObject({ kind: 'retry', delayMs: 40_000 })
    expect(decision.why).not.toContain('Retry-After')
  })

  test.each([
    [1e15, 86_400_000],
    [Number.POSITIVE_INFINITY, 86_400_000],
    [-5, 0],
    [Number.NaN, 0],
    [0, 0],
  ])('of %d ms is read as %d ms', (retryAfterMs, delayMs) => {
    expect(decideWith({ failure: { ...failure, retryAfterMs } }, {}, 0).decision).toMatchObject({ delayMs })
  })
})

describe('the predicate', () => {
  test('that says no quarantines', () => {
    const asked: unknown[] = []
    const when = (given: unknown) => asked.push(given) === 0
    const { decision } = decideWith({ dependency: down }, { network: { when } })
    expect(decision).toEqual({
      kind: 'quarantine',
      why: 'attempt 1 of 4 under transient: policy.network.when says not to retry',
    })
    expect(asked).toEqual([failure])
  })

  test('that says yes retries', () => {
    expect(decideWith({}, { network: { when: ({ message }) => message === 'down' } }).decision.kind).toBe('retry')
  })

  test.each<[string, () => unknown]>([
    [
      'threw',
      () => {
        throw null
      },
    ],
    ['answered undefined', () => undefined],
    [
      'answered a promise',
      async () => {
        throw new Error('late')
      },
    ],
  ])('that %s is set aside, and that is said', (said, when) => {
    const { decision } = decideWith({}, { transient: { when: when as () => boolean } })
    expect(decision.kind).toBe('retry')
    expect(decision.why).toMatch(new RegExp(`again in 500 ms; policy.transient.when ${said} and was set aside$`))
  })

  test('backoff that threw is set aside too', () => {
    const backoff = () => {
      throw new Error('no')
    }
    expect(decideWith({}, { transient: { backoff } }).decision.why).toMatch(
      /; policy\.transient\.backoff threw and was set aside$/,
    )
  })
})

describe('an outage', () => {
  const last: Partial<Situation> = {
    progress: { counted: { transient: 3 }, excludedMs: 0, firstFailedAtMs: 999_000 },
    attempts: 4,
  }

  test.each<ErrorType>(['network', 'timeout', 'dependency'])(
    'holds an item whose retries of a %s failure have ended',
    (type) => {
      expect(decideWith({ ...last, classification: classified(type), dependency: down }).decision).toEqual({
        kind: 'hold',
        dependency: 'bank',
        countedUnder: 'transient',
        why: 'attempt 4 of 4 under transient: no attempt left, but bank has answered nobody since this item first failed and 2 other items failed there too: held until it answers',
      })
    },
  )

  test('holds the only caller', () => {
    const { decision } = decideWith({ ...last, dependency: { ...down, othersFailed: 0, onlyCaller: true } })
    expect(decision.kind).toBe('hold')
    expect(decision.why).toContain('and this item is its only caller')
  })

  test.each<[string, Partial<Situation>]>([
    ['the dependency has answered somebody since', { dependency: { ...down, answeredSince: true, onlyCaller: true } }],
    ['only one other item failed', { dependency: { ...down, othersFailed: 1 } }],
    ['no dependency was called', {}],
    ['it failed of something else', { dependency: down, classification: classified('business') }],
  ])('does not hold when %s', (_name, given) => {
    expect(decideWith({ ...last, ...given }).decision.kind).toBe('quarantine')
  })

  test('ends an elapsed limit and the cap in a hold as well', () => {
    const progress: Progress = { counted: { transient: 1, recoverable: 24 }, excludedMs: 0, firstFailedAtMs: 1 }
    expect(decideWith({ progress, dependency: down }).decision.kind).toBe('hold')
  })

  test('leaves retries before the last as they are, and says so', () => {
    const { decision } = decideWith({ dependency: { ...down, open: true } })
    expect(decision).toMatchObject({ kind: 'retry' })
    expect(decision.why).toMatch(/again in 500 ms, held if bank is still open then$/)
  })
})

describe('an attempt that was not the item’s fault', () => {
  const counted: Progress = { counted: { transient: 3 }, excludedMs: 7, firstFailedAtMs: 999_000, lastDelayMs: 5 }
  test.each<[Uncounted, Partial<Situation>, object, number]>([
    [
      'throttled',
      { waitMs: 1499.2 },
      { kind: 'retry', delayMs: 1500, why: 'throttled by a limit of its own job: again in 1.5 s, not counted' },
      1507,
    ],
    [
      'throttled',
      { failure: { ...failure, retryAfterMs: 3000 }, waitMs: 10 },
      { kind: 'retry', delayMs: 3000, why: 'throttled by a limit of its own job: again in 3.0 s, not counted' },
      3007,
    ],
    [
      'breaker_open',
      { dependency: down },
      { kind: 'hold', dependency: 'bank', why: 'bank is open: held until it answers, not counted' },
      7,
    ],
    [
      'breaker_open',
      { waitMs: 5 },
      { kind: 'retry', delayMs: 5, why: 'its dependency is open: again in 5 ms, not counted' },
      12,
    ],
    [
      'probe',
      { dependency: down },
      { kind: 'hold', dependency: 'bank', why: 'its probe of bank failed: held again, behind the others, not counted' },
      7,
    ],
    ['interrupted', {}, { kind: 'retry', delayMs: 0, why: 'interrupted: again at once, not counted' }, 7],
    ['deploy', {}, { kind: 'retry', delayMs: 0, why: 'stopped by a deploy: again at once, not counted' }, 7],
  ])('(%s) is not counted', (uncounted, given, decision, excludedMs) => {
    const decided = decideWith({ ...given, uncounted, progress: counted })
    expect(decided.decision).toEqual(decision)
    expect(decided.progress).toEqual({ ...counted, excludedMs, uncounted: { [uncounted]: 1 } })
  })

  test('excuses so often, then counts like any other', () => {
    const progress = { ...counted, uncounted: { interrupted: 100 } }
    expect(decideWith({ uncounted: 'interrupted', progress }).decision.kind).toBe('quarantine')
    expect(decideWith({ uncounted: 'probe', progress, dependency: down }).decision.kind).toBe('hold')
  })
})
