import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeOrders } from '../../examples/orders/make-orders.ts'
import { findProblems } from '../../examples/orders/outcome.ts'
import { type OrdersRun, runOrders, type ServiceStats } from '../../examples/orders/run-orders.ts'

const folder = mkdtempSync(join(tmpdir(), 'redrive-orders-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('600 orders through the service, with an outage of 1.5 s', () => {
  let run: OrdersRun
  let stats: ServiceStats

  beforeAll(async () => {
    run = await runOrders({ folder, rows: 600, outage: { at: 200, ms: 1_500 }, stdio: 'ignore' })
    stats = await run.stats()
  }, 60_000)
  afterAll(() => run?.end())

  test('end as documented: each valid order accepted once, only malformed rows in quarantine', () => {
    expect(findProblems(run, stats)).toEqual([])
    expect(run.letters).toHaveLength(12)
  })

  test('met every fault, and the outage', () => {
    for (const [fault, count] of Object.entries(stats.faults)) expect([fault, count > 0]).toEqual([fault, true])
    expect(stats.refusedInOutage).toBeGreaterThan(0)
    expect(stats.replayed).toBeGreaterThan(0)
  })

  test('had items held, which cost them no attempt, and retried others', () => {
    const { attempts, recovered, counts } = run.report
    expect(attempts.notCounted).toBeGreaterThan(10)
    expect(recovered).toBeGreaterThan(10)
    expect(attempts.total - attempts.notCounted - attempts.retries).toBe(counts.succeeded)
  })

  test('an outcome that is not as documented is seen', () => {
    const [order = ''] = run.made.valid
    const lost = { ...stats, accepted: { ...stats.accepted, [order]: 0 } }
    const twice = { ...stats, accepted: { ...stats.accepted, [order]: 2 } }
    expect(findProblems(run, lost)).toEqual([expect.stringContaining('did not accept')])
    expect(findProblems(run, twice)).toEqual([expect.stringContaining('more than once')])
    expect(findProblems({ ...run, letters: run.letters.slice(1) }, stats)).toEqual([
      expect.stringContaining('rows in quarantine'),
    ])
  })

  test('three rows repaired and redriven succeed, and the counts follow', async () => {
    const { made, letters, report, command } = run
    const chosen = letters.filter((_, at) => at % 4 === 0)
    for (const [at, { id, line }] of chosen.entries()) {
      const { mended } = made.malformed.find((row) => row.line === line)!
      const repair = at === 0 ? ['--file', payloadFile(mended)] : ['--raw', mended]
      expect(await command(['quarantine', 'edit', id, ...repair, '--reason', 'the row as it was meant'])).toMatchObject(
        {
          exitCode: 0,
        },
      )
    }
    const retried = await command(['quarantine', 'retry', ...chosen.map(({ id }) => id), '--reason', 'repaired'])
    expect(retried).toMatchObject({ exitCode: 0 })

    const shown = JSON.parse((await command(['batch', 'show', report.batchId, '--json'])).stdout)
    expect(shown.counts).toMatchObject({
      read: 600,
      succeeded: report.counts['succeeded']! + 3,
      skipped: report.counts['skipped'],
      quarantined: 9,
    })
    expect(shown).toMatchObject({ state: 'completed_with_failures', exitCode: 3 })
    const { accepted } = await run.stats()
    const repaired = chosen.map(({ line }) => made.malformed.find((row) => row.line === line)!.id)
    expect(repaired.map((id) => accepted[id])).toEqual([1, 1, 1])
  })
})

/** The whole payload as a document: the other way to repair a row that could not be read. */
function payloadFile(mended: string): string {
  const names = ['id', 'shop', 'country', 'amount', 'email', 'sku', 'quantity']
  const path = join(folder, 'mended.json')
  writeFileSync(path, JSON.stringify(Object.fromEntries(mended.split(',').map((cell, at) => [names[at], cell]))))
  return path
}

describe('the generated orders', () => {
  test('are the same bytes each time, and others for another seed', () => {
    const write = (name: string, seed?: number) => {
      const path = join(folder, name)
      return { made: makeOrders(path, { rows: 300, ...(seed !== undefined && { seed }) }), bytes: readFileSync(path) }
    }
    expect(write('a.csv')).toEqual(write('b.csv'))
    expect(write('c.csv', 8).bytes).not.toEqual(write('a.csv').bytes)
  })

  test('name each malformed row by the line and text that the file has there', () => {
    const path = join(folder, 'lines.csv')
    const { malformed, valid, duplicates, rows } = makeOrders(path, { rows: 500 })
    const lines = readFileSync(path).toString('latin1').split('\n')
    expect(lines).toHaveLength(rows + 2)
    for (const { line, id } of malformed) expect(lines[line - 1]).toMatch(new RegExp(`^${id},`))
    expect([malformed.length, duplicates.length, valid.length]).toEqual([12, 20, 468])
  })
})
