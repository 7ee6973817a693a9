import { expect, test } from 'vitest'
import { jobFolder } from '../job-folder.fixture.ts'
import { jsonLines } from '../test-world.fixture.ts'

const folder = jobFolder()
const { path, run, start } = folder
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const json = async (words: readonly string[]) => jsonLines<any>((await run([...words, '--json'], { sleep })).stdout)

/** Rows fail as long as NAME.heal is not there; row 0 always does. With NAME.slow they end when NAME.go is there. */
function failingJob(name: string, rows: number): void {
  folder.write(`${name}.csv`, `id\n${Array.from({ length: rows }, (_, i) => i).join('\n')}\n`)
  folder.write(
    `${name}.ts`,
    `import { existsSync } from 'node:fs'
import { csv, job } from 'redrive'
const at = (end) => existsSync(${JSON.stringify(path(name))} + '.' + end)
export default job({ name: '${name}', source: csv(${JSON.stringify(path(`${name}.csv`))}, { key: (row) => row.id }), run: async (row) => {
  if (at('slow') && row.id === '1') console.error('first')
  while (at('slow') && !at('go')) await new Promise((resolve) => setTimeout(resolve, 20))
  if (row.id === '0' || !at('heal')) throw Object.assign(new Error('row is refused'), { name: 'ValidationError' })
} })`,
  )
}

/** A finished batch with so many dead letters. */
async function failed(name: string, rows: number): Promise<{ batchId: string; ids: string[] }> {
  failingJob(name, rows)
  const [report] = await json(['run', `${name}.ts`])
  expect(report.counts.quarantined).toBe(rows)
  const ids = (await json(['q', 'list', '--where', `batch:${report.batchId}`]))
    .map((letter) => letter.id as string)
    .reverse()
  return { batchId: report.batchId, ids }
}

test('named letters run again in place without being asked for; those that fail again make it exit 3', async () => {
  const { batchId, ids } = await failed('named', 3)
  folder.write('named.heal', '')
  const one = await run(['q', 'retry', ids[1]!, '--reason', 'healed', '--json'], { stdin: '' })
  expect([one.exitCode, jsonLines(one.stdout)[0]]).toEqual([
    0,
    {
      schema: 1,
      operationId: expect.stringMatching(/^o_/),
      taken: 1,
      succeeded: 1,
      skipped: 0,
      quarantined: 0,
      pending: 0,
      leftOut: [],
    },
  ])
  expect((await json(['q', 'show', ids[1]!]))[0].lineage.map((entry: any) => [entry.what, entry.reason])).toEqual([
    ['quarantined', undefined],
    ['redriven', 'healed'],
    ['succeeded', undefined],
  ])
  const rest = await run(['q', 'retry', ids[0]!, ids[2]!])
  expect([rest.exitCode, rest.stdout]).toEqual([
    3,
    expect.stringMatching(/^2 dead letters redriven in o_\w+: 1 succeeded, 1 in quarantine again\.\n$/),
  ])
  expect((await json(['batch', 'show', batchId]))[0]).toMatchObject({
    state: 'completed_with_failures',
    counts: { succeeded: 2, quarantined: 1 },
  })
  const resolved = await run(['q', 'retry', ids[1]!])
  expect([resolved.exitCode, resolved.stderr]).toEqual([
    8,
    expect.stringMatching(/RD-1602: Dead letter d_\w+ can't be redriven: it is resolved/),
  ])
})

test('what a query chooses needs a yes: off a terminal exit 8 with the command, with --yes it runs', async () => {
  const { batchId } = await failed('asked', 2)
  const where = `batch:${batchId}`
  const off = await run(['q', 'retry', '--where', where], { stdin: '' })
  expect([off.exitCode, off.stdout, off.stderr]).toEqual([
    8,
    '',
    expect.stringContaining(`redrive quarantine retry --where ${where} --yes --expect 2`),
  ])
  const no = await run(['q', 'retry', '--where', where], { columns: 100, typed: '\n' })
  expect([no.exitCode, no.stderr]).toEqual([
    8,
    expect.stringMatching(/Retry 2 dead letters of asked\? \[y\/N\] .*nothing was changed/s),
  ])
  const moved = await run(['q', 'retry', '--where', where, '--yes', '--expect', '3'])
  expect([moved.exitCode, moved.stderr]).toEqual([
    8,
    expect.stringContaining('RD-1703: 2 dead letters match, not 3 as expected. Nothing was changed.'),
  ])
  const yes = await run(['q', 'retry', '--where', where, '--yes', '--expect', '2', '--json'], { stdin: '' })
  expect([yes.exitCode, jsonLines(yes.stdout)[0]]).toMatchObject([3, { taken: 2, quarantined: 2 }])
  const typed = await run(['q', 'retry', '--where', where], { columns: 100, typed: 'y\n' })
  expect(typed.exitCode).toBe(3)
})

test('from 100 letters on their number is to be typed', async () => {
  const { batchId } = await failed('many', 100)
  folder.write('many.heal', '')
  const yes = await run(['q', 'retry', '--where', `batch:${batchId}`], { columns: 100, typed: 'y\n' })
  expect([yes.exitCode, yes.stderr]).toEqual([
    8,
    expect.stringContaining('Retry 100 dead letters of many. Type 100 to go on:'),
  ])
  const number = await run(['q', 'retry', '--where', `batch:${batchId}`], { columns: 100, typed: '100\n' })
  expect([number.exitCode, number.stdout]).toEqual([3, expect.stringContaining('99 succeeded')])
})

test('nothing matched is a word and exit 0, or exit 7 if a match is required', async () => {
  await failed('few', 1)
  const none = await run(['q', 'retry', '--where', 'type:memory'])
  expect([none.exitCode, none.stdout]).toEqual([0, 'No dead letter matches: nothing was done.\n'])
  const required = await run(['q', 'retry', '--where', 'type:memory', '--require-match'])
  expect([required.exitCode, required.stderr]).toEqual([7, expect.stringContaining('RD-1704')])
})

test.each([
  [['q', 'retry'], 2, 'RD-1701: Which dead letters?'],
  [['q', 'retry', 'd_none'], 2, 'RD-1601: There is no dead letter "d_none"'],
  [['q', 'retry', 'd_none', '--where', 'x'], 2, 'RD-1701: Ids and --where exclude each other.'],
  [['q', 'discard', 'd_none'], 9, 'RD-1604: Discarding needs a reason'],
  [['q', 'discard', 'd_none', '--reason', ' '], 9, 'RD-1604'],
])('%j exits %d', async (words, code, said) => {
  const { exitCode, stderr } = await run(words)
  expect([exitCode, stderr]).toEqual([code, expect.stringContaining(said)])
})

test('the lines of a list are ids on standard input', async () => {
  const { batchId } = await failed('piped', 2)
  folder.write('piped.heal', '')
  const list = await run(['q', 'list', '--where', `batch:${batchId}`, '--json'])
  const { exitCode, stdout } = await run(['q', 'retry', '-', '--json'], { stdin: list.stdout })
  expect([exitCode, jsonLines(stdout)[0]]).toMatchObject([3, { taken: 2, succeeded: 1, quarantined: 1 }])
})

test('a batch whose job file is elsewhere is retried with --job, and not with another job', async () => {
  const { ids } = await failed('moved', 2)
  folder.write('moved.heal', '')
  folder.write(
    'other.ts',
    `import { from, job } from 'redrive'\nexport default job({ name: 'other', source: from([]), run: () => 1 })`,
  )
  const other = await run(['q', 'retry', ids[1]!, '--job', 'other.ts'])
  expect([other.exitCode, other.stderr]).toEqual([2, expect.stringMatching(/RD-1103: other\.ts defines job 'other'/)])
  expect((await run(['q', 'retry', ids[1]!, '--job', 'moved.ts'])).exitCode).toBe(0)
})

test('Ctrl-C drains a retry; a retry of what it left goes on in its operation', async () => {
  const { batchId, ids } = await failed('broken-off', 40)
  for (const end of ['slow', 'heal']) folder.write(`broken-off.${end}`, '')
  const process = start(['q', 'retry', ...ids.slice(1), '--json'])
  await process.said(/first/)
  process.child.kill('SIGINT')
  await process.said(/nothing new starts/)
  folder.write('broken-off.go', '')
  const { exitCode, stdout, stderr } = await process.left
  const result = jsonLines<any>(stdout)[0]
  expect([exitCode, result]).toMatchObject([130, { taken: 39, quarantined: 0 }])
  expect(result.succeeded + result.pending).toBe(39)
  expect(result.pending).toBeGreaterThan(0)
  expect(stderr).toContain('redrive quarantine retry d_')
  const again = await run(['q', 'retry', '--where', `batch:${batchId} -key:0`, '--yes', '--json'])
  expect([again.exitCode, jsonLines(again.stdout)[0]]).toMatchObject([
    0,
    { operationId: result.operationId, taken: result.pending, succeeded: result.pending, pending: 0 },
  ])
  expect((await json(['batch', 'show', batchId]))[0].counts).toMatchObject({
    succeeded: 39,
    quarantined: 1,
    pending: 0,
  })
})

test('what a killed retry left behind goes on with the next one', async () => {
  const { ids } = await failed('struck', 3)
  for (const end of ['slow', 'heal']) folder.write(`struck.${end}`, '')
  const process = start(['q', 'retry', ids[1]!, ids[2]!])
  await process.said(/first/)
  process.child.kill('SIGKILL')
  await process.left
  folder.write('struck.go', '')
  const again = await run(['q', 'retry', ids[1]!, ids[2]!, '--json'])
  expect([again.exitCode, jsonLines(again.stdout)[0]]).toMatchObject([0, { taken: 2, succeeded: 2, pending: 0 }])
})

test('a living runner takes the letters, and the retry waits for it', async () => {
  folder.write(
    'alive.ts',
    `import { existsSync } from 'node:fs'
import { from, job } from 'redrive'
const two = { *[Symbol.iterator]() { yield 0; yield 1 } }
const at = (end) => existsSync(${JSON.stringify(path('alive'))} + '.' + end)
export default job({ name: 'alive', source: from(two, { name: 'two' }), run: async (i) => {
  if (i === 0 && !at('heal')) throw Object.assign(new Error('row is refused'), { name: 'ValidationError' })
  while (i === 1 && !at('go')) await new Promise((resolve) => setTimeout(resolve, 20))
} })`,
  )
  const process = start(['run', 'alive.ts', '--json'])
  let letters: any[] = []
  while (letters.length === 0) {
    await sleep(20)
    letters = await json(['q', 'list', '--where', 'job:alive']).catch(() => [])
  }
  folder.write('alive.heal', '')
  const { exitCode, stdout } = await run(['q', 'retry', letters[0].id, '--json'])
  expect([exitCode, jsonLines(stdout)[0]]).toMatchObject([0, { taken: 1, succeeded: 1 }])
  folder.write('alive.go', '')
  expect((await process.left).exitCode).toBe(0)
})

test('discard asks for the name of the job, settles the batch, and can be undone', async () => {
  const { batchId, ids } = await failed('given-up', 2)
  const why = ['--reason', 'INC-42: a test']
  const off = await run(['q', 'discard', ids[0]!, ...why], { stdin: '' })
  expect([off.exitCode, off.stderr]).toEqual([
    8,
    expect.stringContaining(`redrive quarantine discard ${ids[0]} --reason 'INC-42: a test' --yes --expect 1`),
  ])
  const wrong = await run(['q', 'discard', ids[0]!, ...why], { columns: 100, typed: 'y\n' })
  expect([wrong.exitCode, wrong.stderr]).toEqual([
    8,
    expect.stringContaining('Discard 1 dead letter of given-up. Type given-up to go on:'),
  ])
  const named = await run(['q', 'discard', ids[0]!, ...why, '--json'], { columns: 100, typed: 'given-up\n' })
  expect([named.exitCode, JSON.parse(named.stdout)]).toEqual([
    0,
    { schema: 1, operationId: expect.stringMatching(/^o_/), taken: 1, discarded: 1, leftOut: [] },
  ])
  expect((await json(['batch', 'show', batchId]))[0]).toMatchObject({
    state: 'completed_with_failures',
    counts: { quarantined: 1, discarded: 1 },
  })
  const undone = await run(['q', 'discard', '--undo', ids[0]!])
  expect([undone.exitCode, undone.stdout]).toEqual([
    0,
    expect.stringMatching(/^1 dead letter back in quarantine by o_/),
  ])
  const all = await run(['q', 'discard', '--where', `batch:${batchId}`, ...why, '--yes', '--expect', '2'])
  expect(all.exitCode).toBe(0)
  expect((await json(['batch', 'show', batchId]))[0]).toMatchObject({
    state: 'completed',
    exitCode: 0,
    counts: { quarantined: 0, discarded: 2 },
  })
  const twice = await run(['q', 'discard', ids[0]!, ...why, '--yes'])
  expect([twice.exitCode, twice.stderr]).toEqual([8, expect.stringContaining('it is discarded')])
  const none = await run(['q', 'discard', '--where', 'type:memory', ...why, '--require-match'])
  expect(none.exitCode).toBe(7)
})
