// The kill storm: `node test/crash/storm.ts [KILLS=100] [INSIDE=30] [SEED=1]`. Batches of 20,000 items are killed with SIGKILL,
// at random moments or inside a commit, resumed at once, and checked by a program that shares no code with redrive.
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { createSeededRandom } from '../../src/testing/seeded-random.ts'

const ITEMS = 20_000
/** Attempts in flight and outcomes being committed: 16 + 1,000. */
const WINDOW = 1_016
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const [killsWanted, insideWanted, seed] = [
  Number(process.argv[2] ?? 100),
  Number(process.argv[3] ?? 30),
  Number(process.argv[4] ?? 1),
]
const random = createSeededRandom(seed)
const root = mkdtempSync(join(tmpdir(), 'redrive-storm-'))

/** One run; true if it was killed, false if it came to its end. */
function run(folder: string, dieAt: number | undefined): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [path('storm-runner.ts'), folder, ...(dieAt === undefined ? [] : [String(dieAt)])],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  child.stdout.on('data', (data: Buffer) => {
    if (dieAt !== undefined || !data.toString().includes('running')) return
    setTimeout(() => child.kill('SIGKILL'), random.integer(20, 900))
  })
  return new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') note(folder, child.pid!)
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(`the runner ended with ${code ?? signal}`))
      resolve(signal === 'SIGKILL')
    })
  })
}

/** What was durable when the process died. */
function note(folder: string, pid: number): void {
  const db = new DatabaseSync(join(folder, 'ledger.db'))
  const checkpoint = db.prepare('select watermark from checkpoints').get() as { watermark: number } | undefined
  const rows = db.prepare('select position, state from items').all() as { position: number; state: string }[]
  db.close()
  const ended = (state: string) => state === 'succeeded' || state === 'quarantined'
  const rowsEnded = rows.filter((row) => ended(row.state)).map((row) => row.position)
  const rowsOpen = rows.filter((row) => !ended(row.state)).map((row) => row.position)
  const logBytes = statSync(join(folder, 'handler.log'), { throwIfNoEntry: false })?.size ?? 0
  appendFileSync(
    join(folder, 'kills.jsonl'),
    `${JSON.stringify({ pid, logBytes, watermark: checkpoint?.watermark ?? 0, rowsEnded, rowsOpen })}\n`,
  )
}

let kills = 0
let inside = 0
let batches = 0
let failed = 0
const startedAt = Date.now()
while (kills < killsWanted) {
  const folder = join(root, `batch-${++batches}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'kills.jsonl'), '')
  writeFileSync(join(folder, 'items.jsonl'), Array.from({ length: ITEMS }, (_, n) => `{"n":${n}}\n`).join(''))
  for (let killed = true; killed; ) {
    const dies = inside < insideWanted && (random() < 0.5 || killsWanted - kills <= insideWanted - inside)
    killed = kills < killsWanted ? await run(folder, dies ? random.integer(2, 150) : undefined) : await finish(folder)
    if (killed) kills++
    if (killed && dies) inside++
  }
  const checked = spawnSync(process.execPath, [path('check-oracle.mjs'), folder, String(ITEMS), String(WINDOW)], {
    encoding: 'utf8',
  })
  process.stdout.write(checked.stdout + checked.stderr)
  if (checked.status !== 0) failed++
  else rmSync(folder, { recursive: true })
}
const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0)
process.stdout.write(
  `${kills} kills, ${inside} of them inside a commit, in ${batches} batches of ${ITEMS} items, ${seconds} s, seed ${seed}: ${failed} batches with violations\n`,
)
process.exitCode = failed > 0 ? 1 : 0

/** The last run is let go to its end. */
function finish(folder: string): Promise<boolean> {
  return run(folder, 1_000_000_000)
}
