import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seededFolder } from '../seeded-folder.fixture.ts'
import { finished } from '../seeded-ledger.fixture.ts'

const { cwd, run } = seededFolder()

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
