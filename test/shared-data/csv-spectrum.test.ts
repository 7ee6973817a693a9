import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { csv, job } from '../../src/index.ts'
import { redriveLines, sharedData } from '../redrive-process.ts'

const folder = sharedData('csv-spectrum')
const names = folder ? readdirSync(join(folder, 'csvs')).map((name) => basename(name, '.csv')) : []

describe.skipIf(!folder)('the files of csv-spectrum, each a batch that keeps its results', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'redrive-csv-spectrum-'))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  test('are twelve', () => {
    expect(names).toHaveLength(12)
  })

  test.for(names)('%s gives exactly the expected objects', async (name) => {
    const expected = JSON.parse(readFileSync(join(folder!, 'json', `${name}.json`), 'utf8'))
    const store = `sqlite:${join(scratch, `${name}.db`)}`
    const rows = job({
      name,
      source: csv(join(folder!, 'csvs', `${name}.csv`)),
      keep: 'results',
      run: (row) => row,
    })
    const batch = await rows.start({ store })
    const report = await batch.done
    expect(report).toMatchObject({ state: 'completed', exitCode: 0 })
    expect(report.counts).toMatchObject({ read: expected.length, succeeded: expected.length })

    const items = redriveLines(['items', batch.id, '--store', store], { cwd: scratch })
    expect(items.map((item) => item['result'])).toEqual(expected)
  })
})
