import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { commandTable } from './command-table.ts'
import { cli } from './test-world.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'redrive-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('what is not understood is refused with RD-1701 and a fix', () => {
  const cases: [words: string, what: string, fix: string][] = [
    ['batchs', 'no command "redrive batchs"', 'Did you mean redrive batches?'],
    ['batch shwo b_1', 'no command "redrive batch shwo"', 'Did you mean redrive batch show?'],
    ['batch', 'needs a verb', 'redrive batch show|watch|pause|resume|cancel|rollback'],
    ['q lst', 'no command "redrive quarantine lst"', 'redrive quarantine list'],
    ['--jsno', 'no option --jsno without a command', 'redrive help'],
    ['batches --jsno', "unknown option '--jsno' (Did you mean --json?)", 'redrive help batches'],
    ['batches one', 'too many arguments', 'redrive help batches'],
    ['batch show', "missing required argument 'batch'", 'redrive help batch show'],
    ['batches --limit 0', '--limit is a whole number from 1 on, not "0"', 'redrive help batches'],
    ['batches --limit many', 'not "many"', 'redrive help batches'],
    ['batches --since yesterday', '--since is a length of time', 'redrive help batches'],
    ['batches --since 2026-13-45', '--since is a length of time', 'redrive help batches'],
    ['batches --fields a,,b', '--fields has an empty name', 'redrive help batches'],
    ['batches --csv --md', '--csv and --md exclude each other', 'redrive help batches'],
    ['batches --where', "option '--where <query>' argument missing", 'redrive help batches'],
    ['batch show b_1 --where type:network', 'redrive batch show takes no --where', 'redrive help batch show'],
    ['help exit-code', 'no help on "exit-code"', 'redrive help exit-codes'],
    ['explain RD-1502x', 'no error code "RD-1502x"', 'redrive explain RD-1502'],
    ['explain nonsense', 'no error code "nonsense"', 'RD- and four digits'],
    ['report', 'redrive report needs a batch', 'redrive report BATCH'],
    ['classify', 'standard input is a terminal', 'pipe JSON lines in'],
  ]
  test.each(cases)('redrive %s', async (words, what, fix) => {
    const { exitCode, stdout, stderr } = await cli(words.split(' '))
    expect(stderr).toContain(what)
    expect(stderr).toContain(fix)
    expect(stderr).toMatch(/^RD-1701: /)
    expect(stderr).toContain('redrive explain RD-1701')
    expect([exitCode, stdout]).toEqual([2, ''])
  })
})

test('a query that is not understood is refused with RD-1702, where and what to write', async () => {
  const { exitCode, stderr } = await cli(['batches', '--where', 'job:orders stat:stopped'])
  expect(exitCode).toBe(2)
  expect(stderr).toBe(
    'RD-1702: There is no field "stat".\n  why: at character 12: job:orders ⟨here⟩stat:stopped\n  fix: Did you mean state:? To search for it as text, put it in quotes: "stat:stopped".\n  redrive explain RD-1702\n',
  )
})

test('a command that is not built yet says so by name, whatever its words', async () => {
  for (const row of commandTable.filter((candidate) => !candidate.load)) {
    const { exitCode, stderr } = await cli([...row.name.split(' '), 'x', '--whatever'])
    expect(stderr).toContain(`RD-1911: redrive ${row.name} is not built yet.`)
    expect(exitCode).toBe(2)
  }
})

test('a ledger that does not exist is not made by looking for it', async () => {
  const { exitCode, stdout, stderr } = await cli(['batches'], { cwd: folder })
  expect([exitCode, stdout]).toEqual([6, ''])
  expect(stderr).toContain(`RD-1301: There is no ledger at sqlite:${folder}/.redrive/ledger.db.`)
  const named = await cli(['batches', '--store', 'sqlite:other.db'], {
    cwd: folder,
    env: { REDRIVE_STORE: 'sqlite:env.db' },
  })
  expect(named.stderr).toContain(`sqlite:${folder}/other.db`)
  expect((await cli(['batches'], { cwd: folder, env: { REDRIVE_STORE: 'sqlite:env.db' } })).stderr).toContain(
    `sqlite:${folder}/env.db`,
  )
})

test('a file that is no ledger is refused with exit code 6', async () => {
  writeFileSync(join(folder, 'text.db'), 'x'.repeat(5_000))
  const { exitCode, stderr } = await cli(['batches', '--store', 'sqlite:text.db'], { cwd: folder })
  expect(exitCode).toBe(6)
  expect(stderr).toMatch(/^RD-1304: /)
})

describe('help', () => {
  test('without words, and with --help, lists every command that is there', async () => {
    const { exitCode, stdout, stderr } = await cli([])
    expect([exitCode, stderr]).toEqual([0, ''])
    for (const row of commandTable.filter((candidate) => candidate.load)) expect(stdout).toContain(`  ${row.name}`)
    expect((await cli(['--help'])).stdout).toBe(stdout)
    expect((await cli(['help'])).stdout).toBe(stdout)
    for (const line of stdout.split('\n').slice(0, 40)) expect(line.length).toBeLessThanOrEqual(100)
  })

  test.each([
    ['batch show --help', 'Usage: redrive batch show BATCH'],
    ['help batch show', 'Usage: redrive batch show BATCH'],
    ['q list -h', 'Usage: redrive quarantine list'],
    ['help q', 'quarantine retry [LETTERS...]'],
    ['help exit-codes', '   3  finished, items in quarantine'],
    ['help query', 'age:<2d is younger'],
    ['help states', 'completed_with_failures'],
    ['help environment', 'REDRIVE_STORE'],
  ])('redrive %s', async (words, text) => {
    const { exitCode, stdout } = await cli(words.split(' '))
    expect(stdout).toContain(text)
    expect(exitCode).toBe(0)
  })

  test('--version is that of the package', async () => {
    expect((await cli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/)
  })
})

test('explain knows a code in any spelling', async () => {
  for (const code of ['RD-1501', 'rd-1501', '1501'])
    expect((await cli(['explain', code])).stdout).toMatch(/^RD-1501: Batch not found\n/)
  const { stdout } = await cli(['explain', 'RD-1501', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ code: 'RD-1501', title: 'Batch not found', exitCode: 2, retryable: false })
})

test('an unexpected error is RD-1999 with exit 1; its stack is shown only with -v', async () => {
  const broken = {
    isTTY: false,
    columns: 80,
    write: () => Promise.reject(new TypeError('boom\u001b[31m')),
    flush: async () => {},
  }
  const quiet = await cli(['help'], { stdout: broken })
  expect(quiet.exitCode).toBe(1)
  expect(quiet.stderr).toContain('RD-1999: TypeError: boom\\x1b[31m')
  expect(quiet.stderr).not.toContain('main.test.ts')
  expect((await cli(['explain', 'RD-1501', '-v'], { stdout: broken })).stderr).toContain('main.test.ts')
})

describe('as a process', () => {
  const entry = join(folder, 'entry.mjs')
  writeFileSync(
    entry,
    `import { main } from ${JSON.stringify(join(import.meta.dirname, 'main.ts'))}\nprocess.exitCode = await main(process.argv.slice(2))\n`,
  )

  test('a reader that goes away ends it quietly', () => {
    const command = `${process.execPath} -e 'for (let i = 0; i < 200000; i++) console.log("{}")' | ${process.execPath} ${entry} classify | head -n 1; echo "codes \${PIPESTATUS[*]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
    expect(stderr).not.toMatch(/RD-|at |EPIPE.*redrive/)
    expect(stdout).toMatch(/"type":"unknown"[^\n]*\ncodes \d+ 0 0\n$/)
  })

  test('help loads neither commander nor the ledger', () => {
    const script = `import { main } from ${JSON.stringify(join(import.meta.dirname, 'main.ts'))}; import { registerHooks } from 'node:module';
      const seen = []; registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) });
      await main(['--help']); await main(['help', 'query']); await main(['nonsense']);
      process.stderr.write('LOADED ' + seen.filter((url) => /commander|sqlite|commands\\//.test(url)).length)`
    const loaded = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(loaded.stderr).toMatch(/LOADED 0$/)
    expect(execFileSync(process.execPath, [entry, '--version'], { encoding: 'utf8' })).toMatch(/^\d/)
  })
})
