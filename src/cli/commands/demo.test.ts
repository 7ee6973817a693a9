import { expect, test } from 'vitest'
import { jobFolder } from '../job-folder.fixture.ts'
import { jsonLines } from '../test-world.fixture.ts'

const { run } = jobFolder()
const at = ['--store', 'sqlite:demo.db']

test('the demo holds what the outage hits, quarantines three malformed rows, and they can be repaired and redriven', async () => {
  const began = performance.now()
  const { exitCode, stdout } = await run(['demo', '--json', ...at])
  expect(performance.now() - began).toBeLessThan(10_000)
  const [report] = jsonLines<any>(stdout)
  expect(exitCode).toBe(3)
  expect(report).toMatchObject({
    job: 'demo-orders',
    state: 'completed_with_failures',
    counts: { read: 300, succeeded: 297, quarantined: 3, held: 0, waiting: 0 },
  })
  expect(report.groups.map((group: any) => group.type)).toEqual(expect.arrayContaining(['validation', 'parsing']))
  expect(report.recovered).toBeGreaterThan(0)
  expect(report.attempts.notCounted).toBeGreaterThan(0)
  const [letter] = jsonLines<any>((await run(['q', 'list', '--where', 'key:41', '--json', ...at])).stdout)
  expect((await run(['q', 'edit', letter.id, '--set', 'country=GB', ...at])).exitCode).toBe(0)
  expect((await run(['q', 'retry', letter.id, ...at])).exitCode).toBe(0)
})

test('without a store nothing is left behind, and what comes next says so', async () => {
  const { exitCode, stdout, stderr } = await run(['demo'])
  expect([exitCode, stdout, stderr]).toEqual([
    3,
    expect.stringMatching(/Next:\n {2}redrive demo --store sqlite:\.redrive\/demo\.db\n/),
    expect.stringContaining('300 orders'),
  ])
  expect(stdout).not.toContain('redrive quarantine list')
})
