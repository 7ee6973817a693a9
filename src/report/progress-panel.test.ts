import fc from 'fast-check'
import { expect, test } from 'vitest'
import { progressLine, progressPanel } from './progress-panel.ts'
import type { ProgressSnapshot } from './progress-snapshot.ts'
import { textWidth } from './terminal-text.ts'

const snapshot: ProgressSnapshot = {
  job: 'orders',
  batchId: 'b_01abcdefghjkm',
  state: 'running',
  read: 9_800,
  total: 20_000,
  done: 9_000,
  succeeded: 8_950,
  waiting: 12,
  held: 772,
  quarantined: 41,
  skipped: 9,
  running: 16,
  ratePerS: 523.4,
  etaMs: 21_000,
  groups: [
    { id: 'E-1a2b3c4d', title: 'country must be one of DE, GB, US', count: 31 },
    { id: 'E-99887766', title: 'Unexpected token in JSON \u001b[31mat\nposition 7', count: 10 },
    { id: 'E-00000000', title: '価格が不正です 🚫', count: 1_200 },
    { id: 'E-55555555', title: 'never shown', count: 1 },
  ],
  breakers: [
    { name: 'orders-api', phase: 'open', held: 772, nextProbeInMs: 3_400 },
    { name: 'mail', phase: 'closed', held: 0 },
  ],
  elapsedMs: 18_300,
  notices: ['an older one', 'orders-api opened: 52 of 100 calls failed'],
}

test.each([40, 80, 200])('the panel at %d columns', (columns) => {
  expect(`\n${progressPanel(snapshot, { columns }).join('\n')}\n`).toMatchSnapshot()
})

test('one line for logs', () => {
  expect(progressLine(snapshot)).toMatchSnapshot()
  const { total, etaMs, ...unknownTotal } = snapshot
  expect(progressLine({ ...unknownTotal, breakers: [] })).toMatchSnapshot()
})

test('a panel without a total has no bar, and says how much is read', () => {
  const { total, etaMs, ...unknownTotal } = snapshot
  expect(progressPanel(unknownTotal, { columns: 80 })[1]).toBe('9,000 of 9,800 read  523/s')
})

test('never more than 8 lines, never wider than the terminal, never a control character', () => {
  const count = fc.nat(10_000_000_000)
  const any = fc.record({
    job: fc.string({ unit: 'binary' }),
    read: count,
    total: fc.option(count, { nil: 0 }),
    done: count,
    succeeded: count,
    waiting: count,
    held: count,
    quarantined: count,
    skipped: count,
    running: count,
    ratePerS: fc.double({ min: 0, max: 1e7, noNaN: true }),
    etaMs: fc.nat(),
    groups: fc.array(
      fc.record({ id: fc.constant('E-1a2b3c4d'), title: fc.string({ unit: 'binary', maxLength: 300 }), count }),
      { maxLength: 5 },
    ),
    breakers: fc.array(
      fc.record({
        name: fc.string({ unit: 'binary' }),
        phase: fc.constantFrom('open', 'closed', 'half-open'),
        held: count,
      }),
      { maxLength: 5 },
    ),
    notices: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(any, fc.integer({ min: 20, max: 250 }), (change, columns) => {
      const lines = progressPanel({ ...snapshot, ...change }, { columns })
      expect(lines.length).toBeLessThanOrEqual(8)
      for (const line of lines) {
        expect(textWidth(line)).toBeLessThanOrEqual(columns)
        expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
      }
      expect(progressLine({ ...snapshot, ...change })).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
    }),
  )
})
