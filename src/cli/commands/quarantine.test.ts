import { describe, expect, test } from 'vitest'
import { seededFolder } from '../seeded-folder.fixture.ts'
import { dead, finished, letterCountry, letterCountry2, letterRaw } from '../seeded-ledger.fixture.ts'
import { jsonLines } from '../test-world.fixture.ts'

const { run, json } = seededFolder()

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
