import { describe, expect, test } from 'vitest'
import { batchStates } from '../model/batch.ts'
import { type Counts, itemStates } from '../model/item.ts'
import { exitCodeOf, exitCodes } from './exit-code.ts'
import { buildReport, type ReportFacts, reportJson } from './report.ts'
import { reportMarkdown } from './report-markdown.ts'
import { reportText } from './report-text.ts'
import { textWidth } from './terminal-text.ts'
import { nextCommands, verdict } from './verdict.ts'

const none = Object.fromEntries([...itemStates, 'read'].map((state) => [state, 0])) as Counts
const facts = (
  change: Partial<ReportFacts['batch']> = {},
  rest: Partial<Omit<ReportFacts, 'batch'>> = {},
): ReportFacts => ({
  batch: {
    id: 'b_01abcdefghjkm',
    job: 'orders',
    state: 'completed_with_failures',
    startedAtMs: Date.UTC(2026, 10, 23, 9, 0, 0),
    endedAtMs: Date.UTC(2026, 10, 23, 9, 0, 38, 250),
    checkpoint: { tally: { total: 20_812, retries: 612, notCounted: 200, recovered: 412 } },
    ...change,
  },
  counts: { ...none, read: 20_000, succeeded: 19_941, skipped: 9, quarantined: 50 },
  groups: [
    {
      id: 'E-1a2b3c4d',
      title: 'country must be one of DE, GB, US',
      type: 'validation',
      disposition: 'permanent',
      count: 40,
    },
    {
      id: 'E-99887766',
      title: 'Unexpected \u001b[2J token\n| in <b>JSON</b>',
      type: 'parsing',
      disposition: 'permanent',
      count: 10,
    },
  ],
  alive: false,
  ...rest,
})

test.each([40, 80, 200])('the text at %d columns says verdict first and keeps its width', (columns) => {
  const text = reportText(buildReport(facts()), { columns })
  expect(text).toMatchSnapshot()
  const body = text.slice(0, text.indexOf('\nNext:'))
  for (const line of body.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns)
  expect(text).not.toContain('\u001b')
})

test('the Markdown has tables, and no text of others becomes markup', () => {
  const text = reportMarkdown(buildReport(facts()))
  expect(text).toMatchSnapshot()
  expect(text).not.toContain('<b>')
})

test('the JSON has the fields of the interface, in its order', () => {
  expect(reportJson(buildReport(facts({ stopReason: 'x' }, { resumedFrom: 'position 500' })))).toMatchSnapshot()
  expect(Object.keys(reportJson(buildReport(facts())))).toEqual([
    'schema',
    'batchId',
    'job',
    'state',
    'exitCode',
    'startedAt',
    'endedAt',
    'counts',
    'attempts',
    'recovered',
    'groups',
  ])
})

test('a running batch without a living runner is interrupted', () => {
  expect(buildReport(facts({ state: 'running' })).state).toBe('interrupted')
  expect(buildReport(facts({ state: 'running' }, { alive: true })).state).toBe('running')
  expect(buildReport(facts({ state: 'paused' })).state).toBe('paused')
})

describe('exit codes', () => {
  test.each([
    ['completed', 0, 0],
    ['completed_with_failures', 1, 3],
    ['stopped', 0, 4],
    ['cancelled', 0, 4],
    ['cancelled', 5, 4],
    ['rolled_back', 0, 4],
    ['paused', 0, 5],
    ['interrupted', 0, 130],
    ['running', 0, 0],
    ['running', 1, 3],
  ] as const)('%s with %d in quarantine exits %d', (state, quarantined, code) => {
    expect(exitCodeOf(state, { quarantined, compensation_failed: 0 })).toBe(code)
  })

  test('every code that a batch can have is in the table', () => {
    for (const state of batchStates)
      expect(exitCodes.map(([code]) => code)).toContain(exitCodeOf(state, { quarantined: 1, compensation_failed: 0 }))
  })
})

test('each state has a verdict and at least one next command, and a batch that can go on says how', () => {
  for (const state of batchStates) {
    const report = { ...buildReport(facts()), state }
    expect(verdict(report)[0]).toMatch(/^[A-Z].*\.$/)
    expect(nextCommands(report).length).toBeGreaterThan(0)
    expect(nextCommands(report).length).toBeLessThan(3)
    if (state === 'paused' || state === 'stopped' || state === 'interrupted')
      expect(nextCommands(report)).toContain('redrive batch resume b_01abcdefghjkm')
  }
})

test('a stopped batch says why, what is left, and how to redrive what stopped it', () => {
  const report = buildReport(
    facts(
      { state: 'stopped', stopReason: 'failureRate 0.31 is above 0.2' },
      { counts: { ...none, read: 900, succeeded: 600, quarantined: 290, waiting: 10 } },
    ),
  )
  expect(verdict(report)).toEqual([
    'Stopped: failureRate 0.31 is above 0.2, 10 items left open. It can be resumed.',
    '600 succeeded (412 of them recovered after a failed attempt).',
    'A person must look at 290 dead letters of 2 causes.',
  ])
  expect(nextCommands(report)[0]).toBe('redrive quarantine retry --where "batch:b_01abcdefghjkm group:E-1a2b3c4d"')
})
