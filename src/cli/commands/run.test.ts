import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { jobFolder } from '../job-folder.fixture.ts'
import { jsonLines } from '../test-world.fixture.ts'

const folder = jobFolder()
const { path, run, start } = folder

folder.write('orders.csv', 'id,country\n1,DE\n2,GB\n3,UK\n4,DE,extra\n5,FR\n')
folder.write('empty.csv', 'id,country\n')
folder.write('good.csv', 'id,country\n1,DE\n2,GB\n')
folder.write(
  'orders.ts',
  `import { csv, job } from 'redrive'
const Order = { '~standard': { version: 1, vendor: 'test', validate: (row) =>
  ['DE', 'GB', 'FR'].includes(row.country) ? { value: row } : { issues: [{ message: 'is no country', path: ['country'] }] } } }
export default job({ name: 'orders', source: csv(${JSON.stringify(path('orders.csv'))}, { schema: Order, key: (o) => o.id }), run: (o) => o.id })`,
)

test('a run prints its report as JSON, exits 3 for dead letters, and leaves a ledger', async () => {
  const { exitCode, stdout } = await run(['run', 'orders.ts', '--json'])
  const [report] = jsonLines(stdout)
  expect(exitCode).toBe(3)
  expect(report).toMatchObject({
    schema: 1,
    job: 'orders',
    state: 'completed_with_failures',
    exitCode: 3,
    counts: { read: 5, succeeded: 3, quarantined: 2 },
    attempts: { total: 3, retries: 0 },
  })
  const shown = await run(['batch', 'show', String(report!['batchId']), '--json'])
  expect(jsonLines(shown.stdout)[0]).toEqual(report)
  expect(existsSync(path('.redrive/ledger.db'))).toBe(true)
})

test('another input takes the place of the file, and nothing in quarantine is exit 0', async () => {
  const { exitCode, stdout } = await run(['run', 'orders.ts', 'good.csv'])
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Completed: 2 items, nothing in quarantine.')])
})

test('standard input is read in place of the file', async () => {
  const { exitCode, stdout } = await run(['run', 'orders.ts', '-', '--json'], { stdin: ['id,country\n9,', 'DE\n'] })
  expect([exitCode, jsonLines(stdout)[0]]).toMatchObject([0, { counts: { read: 1, succeeded: 1 } }])
})

test('an empty source is said to be empty', async () => {
  const { exitCode, stderr } = await run(['run', 'orders.ts', 'empty.csv'])
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('The source was empty')])
})

test('report files are written beside the working directory and named', async () => {
  const { stderr, stdout } = await run(['run', 'orders.ts', 'good.csv', '--report', 'md,json', '--json'])
  const { batchId } = jsonLines<{ batchId: string }>(stdout)[0]!
  expect(stderr).toContain(`Report written to redrive-report-${batchId}.md`)
  expect(readFileSync(path(`redrive-report-${batchId}.md`), 'utf8')).toContain('# orders: completed')
  expect(JSON.parse(readFileSync(path(`redrive-report-${batchId}.json`), 'utf8'))).toMatchObject({
    batchId,
    exitCode: 0,
  })
})

test('a dry run says what would become of the first rows, calls nothing and opens no ledger', async () => {
  const { exitCode, stdout } = await run([
    'run',
    'orders.ts',
    '--dry-run',
    '--json',
    '--store',
    `sqlite:${path('never.db')}`,
  ])
  expect(exitCode).toBe(3)
  expect(jsonLines(stdout)[0]).toEqual({
    schema: 1,
    job: 'orders',
    source: path('orders.csv'),
    read: 5,
    accepted: 3,
    unreadable: 1,
    refused: 1,
    ended: true,
    problems: [
      { position: 2, line: 4, key: '3', code: 'VALIDATION', message: 'country: is no country' },
      { position: 3, line: 5, code: 'CSV_COLUMNS', message: 'line 5 has 3 cells; the header has 2 cells' },
    ],
  })
  expect(existsSync(path('never.db'))).toBe(false)
})

test('a dry run of so many rows looks at no more, and the file behind it is the input', async () => {
  const few = await run(['run', 'orders.ts', '--dry-run=2'])
  expect([few.exitCode, few.stdout]).toEqual([
    0,
    expect.stringMatching(/2 rows of csv .* read \(there is more\).*\n2 would run\./),
  ])
  const input = await run(['run', 'orders.ts', '--dry-run', 'good.csv', '--json'])
  expect(jsonLines(input.stdout)[0]).toMatchObject({ read: 2, accepted: 2, ended: true })
})

test('a limit reads no further', async () => {
  const { stdout } = await run([
    'run',
    'orders.ts',
    '--limit',
    '2',
    '--fresh',
    '--json',
    '--concurrency',
    '1',
    '--rate',
    '1000/s',
  ])
  expect(jsonLines(stdout)[0]).toMatchObject({ exitCode: 0, counts: { read: 2, succeeded: 2 } })
})

test.each([
  [['run', 'nothing.ts'], 2, /RD-1103: there is no job file nothing\.ts/],
  [['run', 'orders.ts', 'nothing.csv'], 2, /RD-1201/],
  [
    ['run', 'orders.ts', '--concurrency', 'many'],
    2,
    /RD-1701: --concurrency is a whole number from 1 to 10000, not "many"/,
  ],
  [['run', 'orders.ts', '--rate', '50'], 2, /RD-1701: --rate is a number per s, m or h, not "50"/],
  [['run', 'orders.ts', '--report', 'html'], 2, /RD-1911: redrive run --report html is not built yet/],
  [['run', 'orders.ts', '--report', 'jsn'], 2, /RD-1701.*\n.*Did you mean json\?/],
  [['run', 'orders.ts', '--fresh', '--resume', 'b_1'], 2, /RD-1701: --fresh and --resume exclude each other/],
  [['run', 'orders.ts', '--resume', 'b_1'], 2, /RD-1501: There is no batch "b_1"/],
  [['run', 'orders.ts', '--where', 'x'], 2, /RD-1701: redrive run takes no --where/],
])('%j exits %d', async (words, code, said) => {
  const { exitCode, stderr, stdout } = await run(words)
  expect([exitCode, stdout, stderr]).toEqual([code, '', expect.stringMatching(said)])
})

test('a run whose job needs a key for secrets refuses to start without one', async () => {
  folder.write(
    'secret.ts',
    `import { csv, job } from 'redrive'
export default job({ name: 'secret', source: csv(${JSON.stringify(path('good.csv'))}), secret: ['country'], run: () => 1 })`,
  )
  const { exitCode, stderr } = await run(['run', 'secret.ts'])
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('RD-1106')])
})

/** Items that end when the file `go` is there; the last one never does. */
const slow = (name: string) => `import { existsSync } from 'node:fs'
import { from, job } from 'redrive'
const numbers = { *[Symbol.iterator]() { for (let i = 0; i < 40; i++) yield i } }
export default job({ name: '${name}', source: from(numbers, { name: '${name}' }), concurrency: 4, run: async (i) => {
  if (i === 8) console.error('eighth')
  while (i >= 8 && !existsSync(${JSON.stringify(path(`${name}.go`))})) await new Promise((resolve) => setTimeout(resolve, 20))
  return i
} })`

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s drains: what runs may end, the batch is interrupted and goes on later',
  async (signal) => {
    const name = `drain-${signal.toLowerCase()}`
    folder.write(`${name}.ts`, slow(name))
    const process = start(['run', `${name}.ts`, '--json'])
    await process.said(/eighth/)
    process.child.kill(signal)
    await process.said(/nothing new starts, 4 under way may end/)
    folder.write(`${name}.go`, '')
    const { exitCode, stdout, stderr } = await process.left
    const report = jsonLines<{ batchId: string; counts: { succeeded: number } }>(stdout)[0]!
    expect(exitCode).toBe(signal === 'SIGINT' ? 130 : 143)
    expect(report).toMatchObject({ state: 'interrupted', exitCode, counts: { succeeded: 12, quarantined: 0 } })
    expect(stderr).toContain(`redrive batch resume ${report.batchId}`)
    const again = await run(['run', `${name}.ts`, '--json'])
    expect(jsonLines(again.stdout)[0]).toMatchObject({
      batchId: report.batchId,
      resumedFrom: report.batchId,
      exitCode: 0,
      counts: { succeeded: 40 },
      attempts: { total: 40 },
    })
  },
)

test('a second Ctrl-C ends within a second although no handler does', async () => {
  folder.write('stuck.ts', slow('stuck'))
  const process = start(['run', 'stuck.ts', '--json'])
  await process.said(/eighth/)
  process.child.kill('SIGINT')
  await process.said(/nothing new starts/)
  const asked = performance.now()
  process.child.kill('SIGINT')
  const { exitCode, stdout } = await process.left
  expect(performance.now() - asked).toBeLessThan(1_000)
  expect([exitCode, jsonLines(stdout)[0]]).toMatchObject([130, { state: 'interrupted', counts: { succeeded: 8 } }])
})

test('after kill -9 the batch goes on where it was, and nobody waits for the dead', async () => {
  folder.write('killed.ts', slow('killed'))
  const process = start(['run', 'killed.ts', '--json'])
  await process.said(/eighth/)
  const busy = await run(['run', 'killed.ts'])
  expect([busy.exitCode, busy.stderr]).toEqual([6, expect.stringContaining('RD-1401')])
  process.child.kill('SIGKILL')
  await process.left
  folder.write('killed.go', '')
  const { stdout, stderr } = await run(['run', 'killed.ts', '--json'])
  expect(jsonLines(stdout)[0]).toMatchObject({ exitCode: 0, counts: { read: 40, succeeded: 40 } })
  expect(stderr).toContain('goes on: it was interrupted')
})

test('rows of standard input are in the ledger before they run: an interrupted batch goes on without the stream', async () => {
  folder.write(
    'stream.ts',
    `import { existsSync } from 'node:fs'
import { csv, job } from 'redrive'
export default job({ name: 'stream', source: csv('none.csv'), concurrency: 2, run: async (row) => {
  if (row.id === '2') console.error('second')
  while (Number(row.id) >= 2 && !existsSync(${JSON.stringify(path('stream.go'))})) await new Promise((resolve) => setTimeout(resolve, 20))
} })`,
  )
  const process = start(['run', 'stream.ts', '-', '--json'])
  process.child.stdin!.write('id\n1\n2\n3\n4\n5\n')
  await process.said(/second/)
  process.child.kill('SIGINT')
  await process.said(/nothing new starts/)
  folder.write('stream.go', '')
  const { exitCode, stdout, stderr } = await process.left
  const [report] = jsonLines<any>(stdout)
  expect([exitCode, report.state]).toEqual([130, 'interrupted'])
  expect(stderr).toContain('What was not read of the stream must be given again.')
  const again = await run(['batch', 'resume', report.batchId, '--json'])
  expect([again.exitCode, jsonLines(again.stdout)[0]]).toMatchObject([0, { counts: { read: 5, succeeded: 5 } }])
})

test('the commands that come next name the ledger that was named', async () => {
  const { stdout } = await run(['run', 'orders.ts', '--store', 'sqlite:my ledger.db'])
  expect(stdout).toMatch(/redrive quarantine list --where batch:b_\w+ --store 'sqlite:my ledger\.db'\n/)
  const memory = await run(['run', 'orders.ts', '--store', 'memory:'])
  expect([memory.exitCode, memory.stdout]).toEqual([3, expect.not.stringContaining('Next:')])
})
