import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqlite } from '../store/sqlite/open-sqlite.ts'
import type { Store } from '../store/store.ts'
import { alive, dead, finished, letterCountry, letterCountry2, letterRaw, now, seed } from './seeded-ledger.fixture.ts'
import { cli, jsonLines, type TestWorld } from './test-world.fixture.ts'

const cwd = mkdtempSync(join(tmpdir(), 'redrive-cli-'))
let store: Store
beforeAll(async () => {
  store = await openSqlite(join(cwd, '.redrive/ledger.db'))
  await seed(store)
})
afterAll(async () => {
  await store.close()
  rmSync(cwd, { recursive: true })
})
const run = (words: string | readonly string[], test: TestWorld = {}) =>
  cli(typeof words === 'string' ? words.split(' ') : words, { cwd, nowMs: now, ...test })
const json = async (words: string | readonly string[]) => {
  const { exitCode, stdout, stderr } = await run(words)
  expect([exitCode, stderr]).toEqual([0, ''])
  return jsonLines(stdout)
}

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

describe('items', () => {
  test('are rows, and ranges of plain successes, by position', async () => {
    const lines = await json(`items ${finished} --json`)
    expect(lines.slice(0, 4)).toEqual([
      { batchId: finished, positions: [0, 16], state: 'succeeded' },
      {
        batchId: finished,
        position: 17,
        key: 'ORD-17',
        state: 'quarantined',
        attempts: 1,
        generation: 1,
        group: 'E-1a2b3c4d',
        type: 'validation',
        disposition: 'permanent',
        dependency: 'orders-api',
        letterId: letterCountry,
        updatedAt: '2026-11-23T09:00:05.000Z',
      },
      expect.objectContaining({ position: 18, key: '=cmd' }),
      { batchId: finished, positions: [19, 299], state: 'succeeded' },
    ])
    expect(lines.at(-1)).toEqual({ batchId: finished, positions: [501, 999], state: 'succeeded' })
  })

  test.each([
    ['state:quarantined', [17, 18, 300]],
    ['state:skipped', [400]],
    ['attempts:>1', [500]],
    ['type:parsing', [300]],
    ['key:ORD-* -state:quarantined', [400, 500]],
    ['field.country:UK', [17]],
    ['country', [17, 18]],
  ])('by %s', async (query, positions) => {
    expect((await json(['items', finished, '--json', '--where', query])).map((line) => line['position'])).toEqual(
      positions,
    )
  })

  test('as a table, CSV and Markdown', async () => {
    expect((await run(`items ${finished}`, { columns: 80 })).stdout).toMatchSnapshot()
    expect(
      (await run(['items', finished, '--where', 'state:quarantined', '--csv', '--fields', 'position,key,type'])).stdout,
    ).toBe("position,key,type\n17,ORD-17,validation\n18,'=cmd,validation\n300,,parsing\n")
    expect((await run(['items', dead, '--where', 'state:held', '--md', '--fields', 'position,key'])).stdout).toBe(
      '| position | key |\n| --- | --- |\n| 4 | ORD-4 |\n| 5 | ORD-5 |\n',
    )
  })

  test('an empty list says so, on standard error alone, and exits 0', async () => {
    const { exitCode, stdout, stderr } = await run(['items', finished, '--where', 'state:held'])
    expect([exitCode, stdout, stderr]).toEqual([0, '', 'There are no such items.\n'])
    expect((await run(['items', finished, '--where', 'state:held', '-q'])).stderr).toBe('')
  })
})

describe('item', () => {
  test('a row has its attempts, payload and next command', async () => {
    const [item] = await json(`item ${finished}:500 --json`)
    expect(item).toMatchObject({
      batchId: finished,
      position: 500,
      key: 'ORD-500',
      state: 'succeeded',
      attemptCount: 2,
    })
    expect(item).not.toHaveProperty('payload')
    expect(item!['attempts']).toEqual([
      {
        n: 1,
        generation: 1,
        startedAt: '2026-11-23T09:00:02.000Z',
        durationMs: 30.4,
        outcome: 'failed',
        error: { name: 'Error', code: 'ECONNRESET', message: 'read ECONNRESET' },
        decision: { kind: 'retry', why: 'attempt 1 of 5', delayMs: 100 },
      },
      {
        n: 2,
        generation: 1,
        startedAt: '2026-11-23T09:00:02.000Z',
        durationMs: 30.4,
        outcome: 'succeeded',
        error: null,
        decision: { kind: 'succeed', why: 'the handler answered' },
      },
    ])
    expect((await run(`item ${finished}:17`, { columns: 80 })).stderr).toBe(
      `\nNext:\n  redrive quarantine show ${letterCountry}\n`,
    )
  })

  test('a payload is the redacted copy, with dates as text', async () => {
    expect((await json(`item ${finished}:17 --json`))[0]!['payload']).toEqual({
      id: 17,
      country: 'UK',
      card: '‹card:1›',
    })
    expect((await json(`item ${dead}:4 --json`))[0]!['payload']).toEqual({ id: 4, at: '2026-01-02T03:04:05.000Z' })
  })

  test('a plain success has no row but an answer, below the watermark and in the map', async () => {
    for (const id of [`${finished}:0`, `${dead}:13`])
      expect((await json(`item ${id} --json`))[0]).toMatchObject({ state: 'succeeded', attemptCount: 1, attempts: [] })
  })

  test.each([
    [`${dead}:12`, 'has not ended'],
    [`${dead}:14`, 'It has read 14 items so far'],
    ['b_1', 'An item is BATCH:POSITION'],
    [`${dead}:x`, 'An item is BATCH:POSITION'],
  ])('%s is RD-1705', async (id, text) => {
    const { exitCode, stderr } = await run(`item ${id}`)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^RD-1705: /)
    expect(stderr).toContain(text)
  })
})

describe('quarantine', () => {
  test('list has the fields of show without payload, attempts and causes', async () => {
    const lines = await json('quarantine list --json')
    expect(lines.map((line) => line['id'])).toEqual([letterRaw, letterCountry2, letterCountry])
    const [shown] = await json(`quarantine show ${letterCountry} --json`)
    const { payload, attempts, ...rest } = shown!
    const { causes, ...error } = rest['error'] as { causes: unknown }
    expect(lines[2]).toEqual({ ...rest, error })
    expect([payload, attempts, causes]).not.toContain(undefined)
  })

  test('show has all that is known, the payload redacted', async () => {
    const [shown] = await json(`q show ${letterCountry} --json`)
    expect(shown).toEqual({
      id: letterCountry,
      batchId: finished,
      job: 'orders',
      position: 17,
      key: 'ORD-17',
      dependency: 'orders-api',
      payload: { id: 17, country: 'UK', card: '‹card:1›' },
      payloadVersion: 1,
      line: 19,
      byte: 1_700,
      error: {
        name: 'Error',
        code: 'invalid_enum',
        message: 'country must be one of DE, GB, US',
        causes: [{ name: 'ZodIssue', message: 'issue at country \u001b[31m' }],
      },
      attempts: [
        {
          n: 1,
          generation: 1,
          startedAt: '2026-11-23T09:00:01.000Z',
          durationMs: 12,
          outcome: 'failed',
          error: { name: 'Error', code: 'invalid_enum', message: 'country must be one of DE, GB, US' },
          decision: { kind: 'quarantine', why: 'validation is permanent' },
        },
      ],
      state: 'quarantined',
      generation: 1,
      attemptCount: 1,
      classification: {
        disposition: 'permanent',
        type: 'validation',
        severity: 'error',
        confidence: 0.95,
        recommended: 'Repair the country.',
        by: 'rule',
        why: 'rule schema/issues: 1 issue',
      },
      group: 'E-1a2b3c4d',
      instructions: 'Repair the country, then retry.',
      userMessage: 'The country of this order is not valid.',
      view: 'failed',
      createdAt: '2026-11-23T09:00:05.000Z',
      updatedAt: '2026-11-23T09:00:05.000Z',
      lineage: [
        {
          at: '2026-11-23T09:00:05.000Z',
          what: 'quarantined',
          generation: 1,
          by: 'runner',
          detail: 'validation is permanent',
        },
      ],
    })
  })

  test('show of an unreadable row has payload null, the raw text, line and byte; by item too', async () => {
    for (const id of [letterRaw, `${finished}:300`]) {
      expect((await json(`q show ${id} --json`))[0]).toMatchObject({
        id: letterRaw,
        payload: null,
        raw: '301,"=SUM(A1)\u001b',
        line: 302,
        byte: 30_000,
        attempts: [],
      })
    }
  })

  test('show for people has no control characters, and says what comes next', async () => {
    const { stdout, stderr } = await run(`q show ${letterRaw}`, { columns: 80 })
    expect(stdout).toMatchSnapshot()
    expect(stdout + stderr).not.toContain('\u001b')
    expect(stderr).toContain(`redrive quarantine retry ${letterRaw}`)
    expect((await run(`q show ${letterCountry}`)).stdout).toMatchSnapshot()
  })

  test.each([
    ['type:validation', [letterCountry2, letterCountry]],
    ['type:validation -field.country:UK', [letterCountry2]],
    ['key:ORD-17 OR type:parsing', [letterRaw, letterCountry]],
    ['group:E-99887766', [letterRaw]],
    ['age:<1h', []],
    ['age:>2h view:failed severity:error', [letterRaw, letterCountry2, letterCountry]],
    [`batch:${dead}`, []],
    ['"quote not"', [letterRaw]],
  ])('list by %s', async (query, ids) => {
    const { exitCode, stdout } = await run(['quarantine', '--where', query, '--ndjson'])
    expect(exitCode).toBe(0)
    expect(jsonLines(stdout).map((line) => line['id'])).toEqual(ids)
  })

  test('list as CSV defuses what a spreadsheet would compute, with nested fields', async () => {
    const { stdout } = await run('q list --csv --fields id,key,error.message,raw')
    expect(stdout).toBe(
      `id,key,error.message,raw\n${letterRaw},,quote not closed,"301,""=SUM(A1)\u001b"\n${letterCountry2},'=cmd,"country must be one of DE, GB, US",\n${letterCountry},ORD-17,"country must be one of DE, GB, US",\n`,
    )
    expect((await run('q list --csv --fields raw', { columns: 80 })).stdout).not.toContain('\u001b')
  })

  test('an unknown letter is RD-1601', async () => {
    for (const id of ['d_nothing', `${finished}:0`]) {
      const { exitCode, stderr } = await run(`q show ${id}`)
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(/^RD-1601: /)
    }
  })

  test('stats count by state, type, disposition, view and job', async () => {
    expect((await json('q stats --json'))[0]).toEqual({
      total: 3,
      byState: { quarantined: 3 },
      byType: { validation: 2, parsing: 1 },
      byDisposition: { permanent: 3 },
      byView: { failed: 3 },
      byJob: { orders: 3 },
      oldestAt: '2026-11-23T09:00:05.000Z',
    })
    expect((await run('q stats')).stdout).toContain('3 dead letters.\nOldest: 2 h 59 min ago.\n')
    expect((await json(['q', 'stats', '--where', 'age:<1h', '--json']))[0]).toMatchObject({ total: 0, oldestAt: null })
  })
})

describe('errors', () => {
  test('list has the most dead letters first', async () => {
    const lines = await json('errors --json')
    expect(lines.slice(0, 2).map((line) => [line['id'], line['count'], line['type']])).toEqual([
      ['E-1a2b3c4d', 2, 'validation'],
      ['E-99887766', 1, 'parsing'],
    ])
    expect((await run('errors list', { columns: 100 })).stderr).toContain('redrive errors show E-1a2b3c4d')
  })

  test('show has the newest letters and what to do', async () => {
    const [group] = await json('errors show E-1a2b3c4d --json')
    expect(group).toMatchObject({
      id: 'E-1a2b3c4d',
      count: 2,
      failures: 2,
      instructions: 'Repair the country, then retry.',
    })
    expect((group!['letters'] as { id: string }[]).map((letter) => letter.id)).toEqual([letterCountry2, letterCountry])
    expect((await run('errors show E-1a2b3c4e')).stderr).toContain('Did you mean E-1a2b3c4d?')
  })
})

test('breakers list shows those of the ledger, also one that can not be read', async () => {
  expect(await json('breakers --json')).toEqual([
    { job: 'mail', name: 'smtp', phase: 'unreadable' },
    {
      job: 'orders',
      name: 'orders-api',
      phase: 'open',
      openUntil: '2026-11-23T12:00:03.000Z',
      why: '52 of 100 calls failed',
      epoch: 4,
    },
  ])
})

describe('report', () => {
  test('in each format, to standard output or to a file', async () => {
    expect((await run(`report ${finished}`)).stdout).toMatch(/^! Finished/)
    expect(JSON.parse((await run(`report ${finished} --format json`)).stdout)).toMatchObject({ schema: 1, exitCode: 3 })
    expect(JSON.parse((await run(`report ${finished} --json`)).stdout)).toMatchObject({ schema: 1 })
    const written = await run(`report ${finished} --format md --out report.md`)
    expect([written.exitCode, written.stdout, written.stderr]).toEqual([0, '', 'Written to report.md.\n'])
    expect(readFileSync(join(cwd, 'report.md'), 'utf8')).toMatch(/^# orders: completed with failures\n/)
  })

  test.each([
    ['--format html', 'RD-1911', 'html is not built yet'],
    ['--format junit', 'RD-1911', 'junit is not built yet'],
    ['--format txt', 'RD-1701', 'Did you mean text?'],
    ['--csv', 'RD-1911', 'csv is not built yet'],
    ['--out no/such/folder/x.md', 'RD-1101', 'may be written'],
  ])('%s is refused', async (words, code, text) => {
    const { exitCode, stderr } = await run(`report ${finished} ${words}`)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(code)
    expect(stderr).toContain(text)
  })

  test('--since names that it is not built yet', async () => {
    expect((await run('report --since 7d')).stderr).toMatch(/^RD-1911: redrive report --since is not built yet/)
  })
})

test('store info and check', async () => {
  expect((await json('store info --json'))[0]).toMatchObject({ kind: 'sqlite', batches: 3, letters: 3, operations: 0 })
  expect((await run('store info')).stdout).toContain('3 batches, 3 dead letters, 0 operations')
  expect((await run('store check')).stdout).toBe('The ledger is sound.\n')
})

test('colours only where they are wanted', async () => {
  const coloured = async (env: { [name: string]: string }, words = 'batches', columns?: number) =>
    (await run(words, { env, ...(columns ? { columns } : {}) })).stdout.includes('\u001b[')
  expect(await coloured({ NO_COLOR: '' }, 'batches', 80)).toBe(true)
  expect(await coloured({ NO_COLOR: '' })).toBe(false)
  expect(await coloured({ NO_COLOR: '', FORCE_COLOR: '1' })).toBe(true)
  expect(await coloured({ NO_COLOR: '1', FORCE_COLOR: '1' }, 'batches', 80)).toBe(false)
  expect(await coloured({ NO_COLOR: '', TERM: 'dumb' }, 'batches', 80)).toBe(false)
  expect(await coloured({ NO_COLOR: '', FORCE_COLOR: '1' }, 'batches --no-color', 80)).toBe(false)
})
