import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { jobFolder } from '../job-folder.fixture.ts'
import { jsonLines } from '../test-world.fixture.ts'

const folder = jobFolder()
const { path, run, start } = folder
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** 40 items; from the eighth on they end when the file NAME.go is there. */
function slowJob(name: string): void {
  folder.write(
    `${name}.ts`,
    `import { existsSync } from 'node:fs'
import { from, job } from 'redrive'
const numbers = { *[Symbol.iterator]() { for (let i = 0; i < 40; i++) yield i } }
export default job({ name: '${name}', source: from(numbers, { name: '${name}' }), concurrency: 4, run: async (i, ctx) => {
  if (i === 8) console.error('eighth')
  while (i >= 8 && !ctx.signal.aborted && !existsSync(${JSON.stringify(path(`${name}.go`))})) await new Promise((resolve) => setTimeout(resolve, 20))
  ctx.signal.throwIfAborted()
  return i
} })`,
  )
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10)
}

/** Signals that no runner has taken yet. */
function signals(): number {
  const ledger = new DatabaseSync(path('.redrive/ledger.db'), { readOnly: true })
  const { count } = ledger.prepare('select count(*) as count from signals').get() as { count: number }
  ledger.close()
  return count
}

const json = async (...words: string[]) => jsonLines<any>((await run([...words, '--json'], { sleep })).stdout)
const batchOf = async (job: string) => (await json('batches', '--where', `job:${job}`))[0].batchId as string

/** A batch whose process was killed with four items under way. */
async function interrupted(name: string): Promise<string> {
  slowJob(name)
  const process = start(['run', `${name}.ts`])
  await process.said(/eighth/)
  const batchId = await batchOf(name)
  await until(async () => (await json('batch', 'show', batchId))[0].counts.succeeded === 8)
  process.child.kill('SIGKILL')
  await process.left
  return batchId
}

test('pause holds a living runner, which keeps its lease; resume wakes it, and it exits as the batch does', async () => {
  slowJob('living')
  const process = start(['run', 'living.ts', '--json'])
  await process.said(/eighth/)
  const batchId = await batchOf('living')
  const pausing = run(['batch', 'pause', batchId, '--json'], { sleep })
  await until(() => signals() === 1)
  await until(() => signals() === 0)
  folder.write('living.go', '')
  const paused = await pausing
  expect([paused.exitCode, jsonLines(paused.stdout)[0]]).toMatchObject([0, { batchId, state: 'paused', exitCode: 5 }])
  expect((await run(['run', 'living.ts'])).exitCode).toBe(5)
  const resumed = await run(['batch', 'resume', batchId], { sleep })
  expect([resumed.exitCode, resumed.stdout]).toEqual([0, `Batch ${batchId} goes on in its runner.\n`])
  const { exitCode, stdout } = await process.left
  expect([exitCode, jsonLines(stdout)[0]]).toMatchObject([0, { state: 'completed', counts: { succeeded: 40 } }])
})

test('without a living runner pause is a state of the ledger: run exits 5, batch resume runs it here', async () => {
  const batchId = await interrupted('idle')
  expect(await run(['batch', 'pause', batchId])).toMatchObject({ exitCode: 0, stdout: `Batch ${batchId} is paused.\n` })
  const refused = await run(['run', 'idle.ts'])
  expect([refused.exitCode, refused.stderr]).toEqual([5, expect.stringMatching(/RD-1503.*\n.*redrive batch resume b_/)])
  folder.write('idle.go', '')
  const resumed = await run(['batch', 'resume', batchId, '--json'])
  expect([resumed.exitCode, jsonLines(resumed.stdout)[0]]).toMatchObject([
    0,
    { batchId, state: 'completed', counts: { read: 40, succeeded: 40 } },
  ])
  const again = await run(['batch', 'resume', batchId])
  expect([again.exitCode, again.stderr]).toEqual([
    8,
    expect.stringContaining(`RD-1502: Batch ${batchId} is completed: it can't be resumed.`),
  ])
})

test('a batch of another input goes on with that input', async () => {
  folder.write('ten.csv', `id\n${Array.from({ length: 10 }, (_, i) => i).join('\n')}\n`)
  folder.write(
    'lines.ts',
    `import { csv, job } from 'redrive'
export default job({ name: 'lines', source: csv('not-there.csv'), run: (row) => row.id })`,
  )
  const { stdout } = await run(['run', 'lines.ts', 'ten.csv', '--limit', '4', '--json'])
  expect(jsonLines(stdout)[0]).toMatchObject({ counts: { succeeded: 4 } })
  folder.write(
    'fatal.ts',
    `import { csv, job } from 'redrive'
import { existsSync } from 'node:fs'
export default job({ name: 'fatal', source: csv('not-there.csv'), policy: { business: 'stop' }, rules: [{ match: { code: 'STOP' }, verdict: { type: 'business' } }], concurrency: 1,
  run: (row) => { if (row.id === '5') throw Object.assign(new Error('no'), { code: 'STOP' }) } })`,
  )
  const stopped = await run(['run', 'fatal.ts', 'ten.csv', '--json'])
  const report = jsonLines<any>(stopped.stdout)[0]
  expect([stopped.exitCode, report]).toMatchObject([4, { state: 'stopped', stopReason: expect.any(String) }])
  const resumed = await run(['batch', 'resume', report.batchId, '--json'])
  expect([resumed.exitCode, jsonLines(resumed.stdout)[0]]).toMatchObject([
    3,
    { batchId: report.batchId, counts: { read: 10, succeeded: 9, quarantined: 1 } },
  ])
})

test('off a terminal cancel asks nobody: it shows the command that does it, and exits 8', async () => {
  const batchId = await interrupted('asked')
  const { exitCode, stderr } = await run(['batch', 'cancel', batchId, '--drain'], { stdin: '' })
  expect([exitCode, stderr]).toEqual([8, expect.stringContaining(`redrive batch cancel ${batchId} --drain --yes`)])
  const no = await run(['batch', 'cancel', batchId], { columns: 80, typed: 'n\n' })
  expect([no.exitCode, no.stderr]).toEqual([
    8,
    expect.stringMatching(/Cancel batch b_.*for good.*\? \[y\/N\] .*RD-1703.*nothing was changed/s),
  ])
  expect((await json('batch', 'show', batchId))[0].state).toBe('interrupted')
  const yes = await run(['batch', 'cancel', batchId], { columns: 80, typed: 'y\n' })
  expect([yes.exitCode, yes.stdout]).toEqual([0, `Batch ${batchId} is cancelled for good.\n`])
  const [report] = await json('batch', 'show', batchId)
  expect(report).toMatchObject({
    state: 'cancelled',
    counts: { pending: 0, running: 0, waiting: 0, held: 0, succeeded: 8 },
  })
  expect(report.counts.succeeded + report.counts.cancelled).toBe(report.counts.read)
  expect((await run(['batch', 'cancel', batchId, '--yes'])).exitCode).toBe(8)
  expect((await run(['batch', 'resume', batchId])).exitCode).toBe(8)
})

test('cancel reaches a living runner: what runs is aborted, and it exits 4', async () => {
  slowJob('cancelled')
  const process = start(['run', 'cancelled.ts', '--json'])
  await process.said(/eighth/)
  const batchId = await batchOf('cancelled')
  await until(async () => (await json('batch', 'show', batchId))[0].counts.succeeded === 8)
  const { exitCode, stdout } = await run(['batch', 'cancel', batchId, '--yes', '--json'], { sleep })
  expect([exitCode, jsonLines(stdout)[0]]).toMatchObject([
    0,
    { state: 'cancelled', counts: { succeeded: 8, cancelled: 4 } },
  ])
  expect((await process.left).exitCode).toBe(4)
})

test.each(['pause', 'resume', 'cancel'])('batch %s of a batch that is not there exits 2', async (verb) => {
  const { exitCode, stderr } = await run(['batch', verb, 'b_nothing'])
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('RD-1501')])
})
