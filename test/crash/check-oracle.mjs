// Holds the handler's own log against the ledger: plain JavaScript and SQL, no code of redrive's.
//   node check-oracle.mjs FOLDER ITEMS C+G   checks I1, I2, I3, I5; prints what it saw as JSON, exits 1 if any is broken.
// FOLDER/kills.jsonl has a line for each kill: { pid, logBytes, watermark, rowsEnded: [positions below] } as it was right after.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const [folder, itemsText, windowText] = process.argv.slice(2)
const items = Number(itemsText)
const window = Number(windowText)
const wrong = []
const log = readFileSync(join(folder, 'handler.log'), 'utf8')
const kills = readFileSync(join(folder, 'kills.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
const db = new DatabaseSync(join(folder, 'ledger.db'), { readOnly: true })

// Lines with the byte at which they begin: the log is ASCII.
const lines = []
for (let at = 0; at < log.length; ) {
  const end = log.indexOf('\n', at)
  if (end < 0) break
  const [what, position, attempt, pid] = log.slice(at, end).split(' ')
  lines.push({ at, what, position: Number(position), attempt: Number(attempt), pid: Number(pid) })
  at = end + 1
}

// I1: each position in exactly one terminal state, and the counts add up.
const checkpoint = db.prepare('select * from checkpoints').get()
const rows = db.prepare('select position, state from items order by position').all()
const states = new Map()
for (const row of rows) {
  if (states.has(row.position)) wrong.push(`I1: position ${row.position} has two rows`)
  states.set(row.position, row.state)
}
if (checkpoint.watermark !== items || checkpoint.read !== items)
  wrong.push(`I1: watermark ${checkpoint.watermark}, read ${checkpoint.read}, of ${items}`)
const open = rows.filter((row) => row.state !== 'succeeded' && row.state !== 'quarantined')
if (open.length > 0) wrong.push(`I1: ${open.length} rows are not terminal, the first at ${open[0].position}`)

const ends = new Map()
const fails = new Map()
for (const line of lines) {
  if (line.what === 'end') ends.set(line.position, (ends.get(line.position) ?? 0) + 1)
  if (line.what === 'fail') fails.set(line.position, (fails.get(line.position) ?? 0) + 1)
}
for (let position = 0; position < items; position++) {
  const state = states.get(position) ?? 'succeeded'
  if (state === 'succeeded' && !ends.has(position)) wrong.push(`I1: ${position} succeeded, and its handler never ended`)
  if (state === 'quarantined' && !fails.has(position))
    wrong.push(`I1: ${position} is quarantined, and its handler never failed`)
  if (state === 'quarantined' && position % 100 !== 9)
    wrong.push(`I1: ${position} is quarantined, and should have succeeded`)
  if (state === 'succeeded' && position % 100 === 9) wrong.push(`I1: ${position} succeeded, and should be quarantined`)
}

// I2: what was durable when its process died is never started again.
for (const kill of kills) {
  const ended = new Set(kill.rowsEnded)
  const openThen = new Set(kill.rowsOpen)
  for (const line of lines) {
    if (line.at < kill.logBytes || line.what !== 'start') continue
    const known = line.position < kill.watermark && !openThen.has(line.position)
    if (known || ended.has(line.position))
      wrong.push(`I2: ${line.position} was durable at the kill of ${kill.pid}, and started again`)
  }
}

// I3: starts beyond one a decided attempt are repeats: at most C + G for each kill.
let repeats = 0
const seen = new Map()
for (const line of lines) {
  if (line.what !== 'start') continue
  const key = `${line.position}`
  const before = seen.get(key)
  // A retry follows a failure that was recorded; any other second start is a repeat.
  if (before !== undefined && line.attempt <= before.attempt) repeats++
  seen.set(key, { attempt: Math.max(line.attempt, before?.attempt ?? 0) })
}
if (repeats > window * kills.length)
  wrong.push(`I3: ${repeats} repeats after ${kills.length} kills, above ${window} each`)

// I5: one epoch a claim, and nothing ended twice: no item has two outcomes that end it.
if (checkpoint.epoch !== kills.length + 1) wrong.push(`I5: epoch ${checkpoint.epoch} after ${kills.length} kills`)
const twice = db
  .prepare(
    "select position, count(*) as times from attempts where outcome = 'succeeded' group by position having times > 1",
  )
  .all()
if (twice.length > 0) wrong.push(`I5: ${twice.length} items have two recorded successes`)

process.stdout.write(
  `${JSON.stringify({ items, kills: kills.length, starts: lines.filter((line) => line.what === 'start').length, repeats, repeatsPerKill: kills.length === 0 ? 0 : Number((repeats / kills.length).toFixed(1)), quarantined: rows.filter((row) => row.state === 'quarantined').length, wrong: wrong.slice(0, 10), violations: wrong.length })}\n`,
)
process.exitCode = wrong.length > 0 ? 1 : 0
