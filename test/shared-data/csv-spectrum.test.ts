import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    const { text, expected } = published(name)
    const path = join(scratch, `${name}.csv`)
    writeFileSync(path, text)
    const store = `sqlite:${join(scratch, `${name}.db`)}`
    const rows = job({ name, source: csv(path), keep: 'results', run: (row) => row })
    const batch = await rows.start({ store })
    const report = await batch.done
    expect(report).toMatchObject({ state: 'completed', exitCode: 0 })
    expect(report.counts).toMatchObject({ read: expected.length, succeeded: expected.length })

    const items = redriveLines(['items', batch.id, '--store', store], { cwd: scratch })
    expect(items.map((item) => item['result'])).toEqual(expected)
  })
})

/**
 * A file with its expected objects as the suite publishes them: a checkout may have turned CRLF into LF, which the JSON did not
 * follow, and in one file the CSV has another telephone number than its JSON.
 */
function published(name: string): { text: string; expected: unknown[] } {
  const text = readFileSync(join(folder!, 'csvs', `${name}.csv`), 'utf8')
  const json = readFileSync(join(folder!, 'json', `${name}.json`), 'utf8').replace('1234567890', '2095257564')
  const isStripped = name.includes('crlf') && !text.includes('\r')
  return { text: isStripped ? text.replaceAll('\n', '\r\n') : text, expected: [JSON.parse(json)].flat() }
}
