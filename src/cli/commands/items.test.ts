import { describe, expect, test } from 'vitest'
import { seededFolder } from '../seeded-folder.fixture.ts'
import { dead, finished, letterCountry } from '../seeded-ledger.fixture.ts'

const { run, json } = seededFolder()

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
