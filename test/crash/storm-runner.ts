// One run of the storm's batch, to be killed: `node storm-runner.ts FOLDER [N]`. With N it dies by itself inside its N-th commit.
// The handler keeps an oracle of its own: a line in an O_APPEND file before and after each piece of work.
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { job } from '../../src/open/job.ts'
import { jobInnards } from '../../src/open/job-innards.ts'
import { startJob } from '../../src/open/start-job.ts'
import { adapterOf } from '../../src/source/adapter-of.ts'
import { jsonl } from '../../src/source/jsonl.ts'
import { openSqlite } from '../../src/store/sqlite/open-sqlite.ts'
import { openFaultyStore } from '../../src/testing/faulty-store.ts'

const [folder, dieAt] = process.argv.slice(2) as [string, string | undefined]
const oracle = openSync(join(folder, 'handler.log'), 'a')
const say = (line: string) => writeSync(oracle, `${line}\n`)

interface Line {
  readonly n: number
}

const storm = job({
  name: 'storm',
  source: jsonl<Line, Line>(join(folder, 'items.jsonl'), { key: (line) => `k${line.n}` }),
  concurrency: 16,
  policy: { transient: { base: '5ms', attempts: 5 } },
  run: async (line, ctx) => {
    say(`start ${ctx.position} ${ctx.attempt} ${process.pid}`)
    await new Promise((resolve) => setTimeout(resolve, 1 + (line.n % 5)))
    if (line.n % 40 === 7 && ctx.attempt === 1) {
      say(`fail ${ctx.position} ${ctx.attempt} ${process.pid}`)
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    }
    if (line.n % 100 === 9) {
      say(`fail ${ctx.position} ${ctx.attempt} ${process.pid}`)
      throw new TypeError('this one never works')
    }
    say(`end ${ctx.position} ${ctx.attempt} ${process.pid}`)
  },
})

const store = await openFaultyStore({
  open: (onCommitStep) => openSqlite(join(folder, 'ledger.db'), { onCommitStep }),
  faults: dieAt === undefined ? [] : [{ at: 'inside-commit', nth: Number(dieAt), act: 'kill' }],
})
const innards = jobInnards(storm)!
const source = adapterOf(innards.definition.source)
const { batch } = await startJob({ job: innards.checked(), source, store, options: {}, ownsStore: true })
process.stdout.write('running\n')
const report = await batch.done
process.stdout.write(`${JSON.stringify(report)}\n`)
