import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, jsonLines } from '../test-world.fixture.ts'

describe('classify', () => {
  test('answers a line for each line, in order, with the fields of the interface', async () => {
    const stdin = [
      '{"code":"ECONNRE',
      'SET"}\n\n{"status":429}\r\n{"message":"connect ECONNREFUSED 1.2.3.4:80","name":null}',
    ]
    const { exitCode, stdout, stderr } = await cli(['classify'], { stdin })
    expect([exitCode, stderr]).toEqual([0, ''])
    const lines = jsonLines(stdout)
    expect(lines.map((line) => [line['type'], line['disposition'], line['retryable']])).toEqual([
      ['network', 'transient', true],
      ['rate_limit', 'recoverable', true],
      ['network', 'recoverable', true],
    ])
    expect(Object.keys(lines[1]!).filter((name) => name !== 'code')).toEqual([
      'type',
      'disposition',
      'severity',
      'retryable',
      'confidence',
      'recommended',
      'by',
      'why',
    ])
  })

  test('a bad line keeps its place, is told by its number, and makes it exit 2', async () => {
    const stdin = `{"code":"ECONNRESET"}\nnot json\n[1]\n{"status":"503"}\n${'x'.repeat(1_048_577)}\n{"status":503}\n`
    const { exitCode, stdout, stderr } = await cli(['classify', '-'], { stdin })
    const lines = jsonLines<{ type?: string; error?: { line: number; what: string } }>(stdout)
    expect(lines.map((line) => line.type ?? line.error?.line)).toEqual(['network', 2, 3, 4, 5, 'dependency'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^line 2: It is no JSON: /)
    expect(stderr).toContain('line 3: It is no JSON object.')
    expect(stderr).toContain('line 4: Its status is a string. status is a number.')
    expect(stderr).toContain('line 5: It is longer than 1 MiB.')
    expect(stderr).toContain('RD-1701: 4 lines of the input could not be read as an error.')
  })

  test('bytes that are cut inside a character are put together again', async () => {
    const bytes = new TextEncoder().encode('{"message":"Grüße 価格"}\n')
    const { exitCode } = await cli(['classify'], { stdin: [bytes.slice(0, 16), bytes.slice(16, 22), bytes.slice(22)] })
    expect(exitCode).toBe(0)
  })

  test('--explain says for people which rule it was and what to do', async () => {
    const { stdout } = await cli(['classify', '--explain'], {
      stdin: '{"code":"ECONNRESET","message":"\\u001b[31m"}\nx\n',
    })
    expect(stdout).toMatch(
      /^network, transient, warning\n {2}why {2}rule .*ECONNRESET.*\n {2}do {3}.*\n\nline 2: It is no JSON/,
    )
    expect(stdout).not.toContain('\u001b')
    const both = await cli(['classify', '--explain', '--json'], { stdin: '{"code":"ECONNRESET"}' })
    expect(jsonLines(both.stdout)[0]).toMatchObject({ by: 'rule' })
  })

  test('no input is no error; a file that is not there is RD-1201', async () => {
    expect(await cli(['classify'], { stdin: '' })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'The input has no lines.\n',
    })
    const missing = await cli(['classify', 'none.ndjson'])
    expect(missing.exitCode).toBe(2)
    expect(missing.stderr).toMatch(/^RD-1201: none\.ndjson cannot be read/)
  })

  const real = resolve(process.env['REDRIVE_SHARED_DATA'] ?? '../shared/data', 'errors/real.jsonl')
  test.skipIf(!existsSync(real))(
    '573 real errors give 573 lines (skipped where the shared data is absent)',
    async () => {
      const { exitCode, stdout } = await cli(['classify', real, '--fields', 'type,disposition'])
      expect(exitCode).toBe(0)
      expect(jsonLines(stdout).length).toBe(readFileSync(real, 'utf8').trim().split('\n').length)
    },
  )
})
