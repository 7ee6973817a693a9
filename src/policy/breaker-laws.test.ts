import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Breaker, type BreakerPhase, createBreaker, type RecordedCall } from './breaker.ts'

/** A breaker as one would write it down: a list of calls, nothing clever. */
class NaiveBreaker {
  phase: BreakerPhase = 'closed'
  epoch = 1
  openUntilMs = 0
  over: number
  list: boolean[] = []
  failedProbes = 0
  inFlight = 0
  good = 0
  probedAtMs = 0
  stalls = 0
  rampLevel = Number.POSITIVE_INFINITY
  rampGood = 0
  rampAnswers = 0
  rampSinceMs = 0

  constructor(over: number) {
    this.over = over
  }

  admit(nowMs: number) {
    if (this.phase === 'closed') return 'call'
    if (
      this.phase === 'half-open' &&
      this.inFlight === 3 &&
      nowMs - this.probedAtMs >= Math.min(3_600_000, 60_000 * 2 ** this.stalls)
    ) {
      this.stalls++
      this.toOpen(nowMs, this.failedProbes + 1)
    }
    if (this.phase === 'open' && nowMs >= this.openUntilMs) this.enter('half-open')
    if (this.phase === 'open' || this.inFlight === 3) return 'refuse'
    this.inFlight++
    this.probedAtMs = nowMs
    return 'probe'
  }

  record(call: RecordedCall, nowMs: number) {
    if (call.epoch !== this.epoch || this.phase === 'open') return
    if (this.phase === 'half-open') {
      this.inFlight--
      if (call.outcome === 'failure') this.toOpen(nowMs, this.failedProbes + 1)
      if (call.outcome === 'success' && ++this.good === 3) this.toClosed(nowMs)
      return
    }
    const fewest = this.rampLevel === Number.POSITIVE_INFINITY ? 20 : 5
    if (call.outcome !== 'failure') this.rampAnswers++
    if (call.outcome === 'success' && ++this.rampGood >= this.rampLevel) this.rampTo(this.rampLevel * 2, nowMs)
    if (call.outcome === 'ignored') return
    this.list = [...this.list, call.outcome === 'failure'].slice(-this.over)
    const failed = this.list.filter((isFailure) => isFailure).length
    if (this.list.length >= Math.min(fewest, this.over) && failed > 0 && failed / this.list.length >= 0.5)
      this.toOpen(nowMs, 0)
  }

  toOpen(nowMs: number, failedProbes: number) {
    this.enter('open')
    this.failedProbes = failedProbes
    this.openUntilMs = nowMs + Math.min(60_000, 5_000 * 2 ** failedProbes)
  }

  toClosed(nowMs: number) {
    this.enter('closed')
    this.list = []
    this.stalls = 0
    this.rampTo(1, nowMs)
  }

  rampTo(level: number, nowMs: number) {
    this.rampLevel = level >= 256 ? Number.POSITIVE_INFINITY : level
    this.rampGood = 0
    this.rampAnswers = 0
    this.rampSinceMs = nowMs
  }

  rampLimit(nowMs: number) {
    if (this.phase !== 'closed') return Number.POSITIVE_INFINITY
    if (this.rampAnswers > 0 && nowMs - this.rampSinceMs >= 5_000) this.rampTo(this.rampLevel * 2, nowMs)
    return this.rampLevel
  }

  enter(phase: BreakerPhase) {
    this.phase = phase
    this.epoch++
    this.openUntilMs = 0
    this.inFlight = 0
    this.good = 0
  }
}

type Step =
  | { act: 'start' }
  | { act: 'settle'; which: number; outcome: RecordedCall['outcome'] }
  | { act: 'wait'; ms: number }
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>({ act: 'start' }) },
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constant('settle' as const),
        which: fc.nat(30),
        outcome: fc.constantFrom('success', 'failure', 'failure', 'ignored'),
      }) as fc.Arbitrary<Step>,
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(1, 100, 5_000, 10_000, 60_000, 130_000).map((ms): Step => ({ act: 'wait', ms })),
    },
  ),
  { minLength: 50, maxLength: 400 },
)

test('I10: on random walks it does what the naive one does, never with more than 3 probes of an epoch in flight', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 40 }), (walk, over) => {
      const breaker = createBreaker({ over })
      const naive = new NaiveBreaker(over)
      const flying: RecordedCall[] = []
      let nowMs = 0
      for (const step of walk) {
        if (step.act === 'wait') nowMs += step.ms
        if (step.act === 'start') {
          const admitted = breaker.admit(nowMs)
          expect(naive.admit(nowMs)).toBe(admitted)
          if (admitted !== 'refuse')
            flying.push({ epoch: breaker.epoch, probe: admitted === 'probe', outcome: 'success', durationMs: 1 })
          const probes = flying.filter((call) => call.probe && call.epoch === breaker.epoch).length
          expect(probes).toBeLessThanOrEqual(3)
        }
        if (step.act === 'settle' && flying.length > 0) {
          const [call] = flying.splice(step.which % flying.length, 1)
          settle(breaker, naive, { ...call!, outcome: step.outcome }, nowMs)
        }
        expect([breaker.phase, breaker.epoch, breaker.openUntilMs]).toEqual([
          naive.phase,
          naive.epoch,
          naive.openUntilMs,
        ])
        expect(breaker.rampLimit(nowMs)).toBe(naive.rampLimit(nowMs))
        for (let change = breaker.takeChange(); change; change = breaker.takeChange())
          seen.add(`${change.from} → ${change.to}`)
      }
    }),
    { numRuns: 300, seed: 20261123 },
  )
  // Without these the walk would prove nothing about them.
  for (const change of ['open → half-open', 'half-open → open', 'late', 'half-open → closed by 3', 'closed → open'])
    expect(seen).toContain(change)

  function settle(breaker: Breaker, naive: NaiveBreaker, call: RecordedCall, nowMs: number) {
    const before = JSON.stringify(breaker.toJSON(0, 0))
    const isLate = call.epoch !== breaker.epoch
    const change = breaker.record(call, nowMs)
    naive.record(call, nowMs)
    if (isLate) {
      seen.add('late')
      expect(change).toBeUndefined()
      expect(JSON.stringify(breaker.toJSON(0, 0))).toBe(before)
    }
    if (change) seen.add(change.to === 'closed' ? `${change.from} → closed by 3` : `${change.from} → ${change.to}`)
    expect(change?.to ?? breaker.phase).toBe(breaker.phase)
  }
})
