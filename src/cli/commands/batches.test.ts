import { describe, expect, test } from 'vitest'
import { seededFolder } from '../seeded-folder.fixture.ts'
import { alive, dead, finished } from '../seeded-ledger.fixture.ts'

const { run, json } = seededFolder()

describe('batches', () => {
  test('are listed newest first, with derived states', async () => {
    const lines = await json('batches --json')
    expect(lines.map((line) => [line['batchId'], line['state']])).toEqual([
      [alive, 'running'],
      [dead, 'interrupted'],
      [finished, 'completed_with_failures'],
    ])
    expect(lines[2]).toEqual({
      batchId: finished,
      job: 'orders',
      state: 'completed_with_failures',
      startedAt: '2026-11-23T09:00:00.000Z',
      endedAt: '2026-11-23T09:00:38.000Z',
      read: 1_000,
      succeeded: 996,
      quarantined: 3,
      recovered: 1,
    })
  })

  test.each([
    ['state:interrupted', [dead]],
    ['state:running', [alive]],
    ['-state:running', [dead, finished]],
    ['-state:interrupted', [alive, finished]],
    ['state:running OR state:interrupted', [alive, dead]],
    ['state:running,completed_with_failures', [alive, finished]],
    ['job:orders -state:interrupted', [finished]],
    ['job:mail', [alive]],
    ['age:<1h', [alive]],
  ])('by %s', async (query, ids) => {
    expect((await json(['batches', '--json', '--where', query])).map((line) => line['batchId'])).toEqual(ids)
  })

  test('--since takes a length of time and a date, --limit a number', async () => {
    expect((await json('batches --json --since 1h')).map((line) => line['batchId'])).toEqual([alive])
    expect((await json('batches --json --since 2026-11-23T09:30:00Z')).map((line) => line['batchId'])).toEqual([
      alive,
      dead,
    ])
    expect((await json('batches --json --limit 1')).length).toBe(1)
  })

  test('as a table on a terminal, with the next command on standard error', async () => {
    const { stdout, stderr } = await run('batches', { columns: 100 })
    expect(stdout).toMatchSnapshot()
    expect(stderr).toBe(`\nNext:\n  redrive batch show ${alive}\n`)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('a field that batches do not have is refused', async () => {
    const { exitCode, stderr } = await run(['batches', '--where', 'attempts:>3'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^RD-1702: /)
  })
})

describe('batch show', () => {
  test('as JSON has the fields of the interface', async () => {
    const [report] = await json(`batch show ${finished} --json`)
    expect(report).toEqual({
      schema: 1,
      batchId: finished,
      job: 'orders',
      state: 'completed_with_failures',
      exitCode: 3,
      startedAt: '2026-11-23T09:00:00.000Z',
      endedAt: '2026-11-23T09:00:38.000Z',
      counts: {
        read: 1_000,
        pending: 0,
        running: 0,
        waiting: 0,
        held: 0,
        succeeded: 996,
        skipped: 1,
        quarantined: 3,
        discarded: 0,
        cancelled: 0,
        compensating: 0,
        compensated: 0,
        compensation_failed: 0,
      },
      attempts: { total: 999, retries: 1, notCounted: 0 },
      recovered: 1,
      groups: [
        {
          id: 'E-1a2b3c4d',
          title: 'country must be one of DE, GB, US',
          type: 'validation',
          disposition: 'permanent',
          count: 2,
        },
        { id: 'E-99887766', title: 'quote not closed', type: 'parsing', disposition: 'permanent', count: 1 },
      ],
    })
  })

  test("for people says the verdict first; the batch's exit code is not that of the command", async () => {
    const { exitCode, stdout } = await run(`batch show ${finished}`)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^! Finished: 1,000 items, 3 in quarantine\.\n/)
    expect((await run(`batch show ${dead}`)).stdout).toMatch(/^✗ Interrupted/)
    expect((await run(`batch show ${finished} --md`)).stdout).toMatch(/^# orders: completed with failures\n/)
  })

  test('an unknown batch is RD-1501 with the nearest', async () => {
    const { exitCode, stdout, stderr } = await run('batch show b_0000001aaaaab')
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`Did you mean ${finished}?`)
  })

  test('--fields picks one, --csv is one row', async () => {
    expect((await run(`batch show ${finished} --fields state,counts.quarantined`)).stdout).toBe(
      'completed_with_failures\n3\n',
    )
    expect((await run(`batch show ${finished} --csv --fields job,counts.read`)).stdout).toBe(
      'job,counts.read\norders,1000\n',
    )
    expect((await run(`batch show ${finished} --fields stat`)).stderr).toContain('Did you mean state?')
  })
})
