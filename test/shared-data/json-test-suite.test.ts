import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redrive, redriveLines, sharedData } from '../redrive-process.ts'

const folder = sharedData('json-test-suite')
const JOB = join(import.meta.dirname, '..', '..', 'examples', 'json-audit', 'json-audit.ts')

describe.skipIf(!folder)('318 files of the JSON test suite, one batch', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'redrive-json-suite-'))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))
  const where = {
    cwd: folder!,
    env: { REDRIVE_STORE: `sqlite:${join(scratch, 'ledger.db')}`, JSON_AUDIT_GLOB: '*.json' },
  }
  const names = folder ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  const letters = new Map<string, { [field: string]: any }>()
  let run: { exitCode: number | null; stdout: string; stderr: string }
  let report: { [field: string]: any }

  beforeAll(() => {
    run = redrive(['run', JOB, '--json'], where)
    report = JSON.parse(run.stdout)
    for (const letter of redriveLines(['quarantine', 'list'], where)) letters.set(letter['key'], letter)
  }, 60_000)

  const named = (start: string) => names.filter((name) => name.startsWith(start))

  test('ends with every file in one state, none lost', () => {
    expect(names).toHaveLength(318)
    expect(run).toMatchObject({ exitCode: 3 })
    expect(report).toMatchObject({ state: 'completed_with_failures' })
    expect(report['counts']).toMatchObject({ read: 318, succeeded: 318 - letters.size, quarantined: letters.size })
  })

  test('lets every y_ file succeed', () => {
    expect(named('y_')).toHaveLength(95)
    expect(named('y_').filter((name) => letters.has(name))).toEqual([])
  })

  test('quarantines every n_ file as parsing', () => {
    expect(named('n_')).toHaveLength(188)
    const types = named('n_').map((name) => [name, letters.get(name)?.['classification'].type])
    expect(types).toEqual(named('n_').map((name) => [name, 'parsing']))
  })

  test('calls them permanent, but for the one that begins with <: a page came instead', () => {
    const isPage = (name: string) => readFileSync(join(folder!, name), 'latin1').startsWith('<')
    expect(named('n_').filter(isPage)).toHaveLength(1)
    const dispositions = named('n_').map((name) => [name, letters.get(name)?.['classification'].disposition])
    expect(dispositions).toEqual(named('n_').map((name) => [name, isPage(name) ? 'recoverable' : 'permanent']))
  })

  test('and of the i_ files, which may do either, those that fail fail as parsing too', () => {
    const failed = named('i_').flatMap((name) => letters.get(name) ?? [])
    expect(failed.length).toBeGreaterThan(0)
    expect(new Set(failed.map((letter) => letter['classification'].type))).toEqual(new Set(['parsing']))
  })
})
