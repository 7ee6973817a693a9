import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { redrive, redriveLines } from '../redrive-process.ts'

const JOB = join(import.meta.dirname, '..', '..', 'examples', 'json-audit', 'json-audit.ts')
const cwd = mkdtempSync(join(tmpdir(), 'redrive-json-audit-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const files: { [path: string]: Buffer } = {
  'node_modules/a/package.json': Buffer.from('{ "name": "a" }'),
  'node_modules/a/node_modules/b/package.json': Buffer.from('{ "name": "b" }'),
  'node_modules/c/tsconfig.json': Buffer.from('{\n  // comments are no JSON\n  "strict": true\n}'),
  'node_modules/d/empty.json': Buffer.from(''),
  'node_modules/e/latin.json': Buffer.from('{ "name": "caf\u00e9" }', 'latin1'),
  'node_modules/f/readme.md': Buffer.from('# not looked at'),
}

describe('the JSON files of a node_modules', () => {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), bytes)
  }

  test('end as one batch: what is no JSON is in quarantine by its path, the rest succeeded', () => {
    const run = redrive(['run', JOB, '--json'], { cwd })
    expect(run).toMatchObject({ exitCode: 3 })
    expect(JSON.parse(run.stdout).counts).toMatchObject({ read: 5, succeeded: 2, quarantined: 3 })
    const letters = redriveLines(['quarantine', 'list'], { cwd })
    expect(
      letters.map(({ key, classification }) => [key, classification.type, classification.disposition]).sort(),
    ).toEqual([
      ['node_modules/c/tsconfig.json', 'parsing', 'permanent'],
      ['node_modules/d/empty.json', 'parsing', 'permanent'],
      ['node_modules/e/latin.json', 'parsing', 'permanent'],
    ])
  })
})
