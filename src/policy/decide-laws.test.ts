import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dispositions, errorTypes } from '../model/classification.ts'
import type { Uncounted } from '../model/decision.ts'
import type { CapturedFailure } from '../model/failure.ts'
import type { Policy } from '../model/policy.ts'
import { decide, type Situation, totalCap } from './decide.ts'
import { noProgress, type Progress } from './progress.ts'
import { resolvePolicy } from './resolve-policy.ts'

const failure: CapturedFailure = { name: 'Error', message: 'down', causes: [], fingerprint: 'v1:0' }
const down = { name: 'bank', open: false, answeredSince: false, othersFailed: 2, onlyCaller: false }
const unsaid = { severity: 'error', confidence: 1, recommended: '', by: 'rule', why: '' } as const

const keys = ['transient', 'recoverable', 'permanent', 'fatal', 'network', 'timeout', 'rate_limit', 'unknown'] as const
const rules = fc.record(
  {
    attempts: fc.integer({ min: 1, max: 40 }),
    base: fc.constantFrom('0s', '1ms', '1s', '10m'),
    elapsed: fc.constantFrom('0s', '30s', '9d'),
    backoff: fc.constantFrom('fixed', 'linear', 'decorrelated', 'exponential'),
  },
  { requiredKeys: [] },
)
const policies = fc.dictionary(
  fc.constantFrom(...keys),
  fc.oneof(rules, fc.constantFrom('retry', 'quarantine', 'skip', 'stop', 'compensate')),
) as unknown as fc.Arbitrary<Policy>
const failures = fc.record({
  type: fc.constantFrom(...errorTypes),
  disposition: fc.constantFrom(...dispositions),
  retryAfterMs: fc.oneof(fc.constant(undefined), fc.double(), fc.nat(100_000_000)),
  uncounted: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom<Uncounted[]>('throttled', 'interrupted', 'breaker_open') },
  ),
  tookMs: fc.integer({ min: -100_000, max: 100_000 }),
  hasDependency: fc.boolean(),
})

test('laws: counted retries stay below what the policy allows, no wait is below Retry-After, the first failure stays, what is uncounted counts nowhere', () => {
  fc.assert(
    fc.property(
      policies,
      fc.array(failures, { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (given, run, roll) => {
        const policy = resolvePolicy(given)
        const retried: Record<string, number> = {}
        let inAll = 0
        let progress: Progress = noProgress
        let nowMs = 1e12
        for (const [index, { type, disposition, retryAfterMs, uncounted, tookMs, hasDependency }] of run.entries()) {
          nowMs += tookMs
          const at: Situation = {
            classification: { ...unsaid, type, disposition },
            progress,
            nowMs,
            attempts: index + 1,
            failure: retryAfterMs === undefined ? failure : { ...failure, retryAfterMs },
            ...(uncounted ? { uncounted } : {}),
            ...(hasDependency ? { dependency: down } : {}),
          }
          const before = JSON.stringify(at)
          const decided = decide(at, policy, () => roll)
          expect(JSON.stringify(at)).toBe(before)
          expect(decide(at, policy, () => roll)).toEqual(decided)
          const { decision } = decided
          if (uncounted) {
            expect(decided.progress.counted).toEqual(progress.counted)
            expect(decided.progress.firstFailedAtMs).toBe(progress.firstFailedAtMs)
            expect(decision).not.toHaveProperty('countedUnder')
          } else {
            expect(decided.progress.firstFailedAtMs).toBe(progress.firstFailedAtMs ?? nowMs)
          }
          expect(decision.why).toMatch(/^[^\n]{10,400}$/)
          progress = decided.progress
          if (decision.kind !== 'retry') {
            if (decision.kind === 'hold') continue
            break
          }
          expect(Number.isSafeInteger(decision.delayMs) && decision.delayMs >= 0).toBe(true)
          if (retryAfterMs !== undefined && retryAfterMs > 0)
            expect(decision.delayMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs, 86_400_000))
          if (decision.countedUnder) {
            const applied = policy.apply(at.classification)
            retried[decision.countedUnder] = (retried[decision.countedUnder] ?? 0) + 1
            inAll++
            expect(applied.verdict).toBe('retry')
            expect(retried[decision.countedUnder]).toBeLessThan(applied.rule.attempts)
            expect(inAll).toBeLessThan(totalCap)
          }
          nowMs += decision.delayMs
        }
      },
    ),
    { numRuns: 500 },
  )
})
