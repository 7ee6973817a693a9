import { describe, expect, test } from 'vitest'
import { seededFolder } from '../seeded-folder.fixture.ts'
import { letterCountry, letterCountry2 } from '../seeded-ledger.fixture.ts'

const { run, json } = seededFolder()

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
