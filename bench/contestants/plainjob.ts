import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { better, defineQueue, defineWorker } from 'plainjob'
import { type Contestant, type Item, noopHandler } from '../contestant.ts'

const ADDED_TOGETHER = 1_000
const quiet = { debug() {}, info() {}, warn() {}, error: console.error }

/** Inserts the file's lines in groups (its fastest way), then works them off; SQLite NORMAL, as it sets itself. */
export const contestant: Contestant = {
  async run({ file, folder, count }) {
    const { tally, handle } = noopHandler()
    const connection = better(new Database(join(folder, 'queue.db')))
    // The lines are JSON already: as they are is the cheapest.
    const queue = defineQueue({ connection, logger: quiet, serializer: (line) => line as string })
    await insert(file, (lines) => queue.addMany('bench', lines))
    const worker = defineWorker('bench', ({ data }) => handle(JSON.parse(data as string) as Item), {
      queue,
      logger: quiet,
      onCompleted: () => {
        if (tally.handled === count) void worker.stop()
      },
    })
    await worker.start()
    const done = queue.countJobs({ status: 2 })
    queue.close()
    if (done !== count) throw new Error(`plainjob has ${done} of ${count} jobs as done`)
    return tally
  },
}

async function insert(file: string, add: (lines: string[]) => void): Promise<void> {
  let lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (lines.push(line) < ADDED_TOGETHER) continue
    add(lines)
    lines = []
  }
  if (lines.length > 0) add(lines)
}
