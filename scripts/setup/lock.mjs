import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { SetupProblem } from './problem.mjs'

const BEAT_MS = 2_000
const SILENT_MS = 30_000
const POLL_MS = 100
const WAIT_MS = 15 * 60_000

/**
 * Runs `work(alsoHeldBy)` while holding the lock folder `path`; whoever comes second waits. A lock is stale when its owner is
 * dead on this machine, or has not touched it for 30 s, and the child named to `alsoHeldBy(pid)` is dead too: an npm whose
 * parent was killed goes on writing.
 */
export async function withLock(path, work, { say = () => {} } = {}) {
  const token = `${hostname()} ${process.pid} ${Date.now()}`
  await acquire(path, token, say)
  const beat = setInterval(() => touch(path), BEAT_MS)
  const release = () => releaseOwn(path, token)
  process.once('exit', release)
  try {
    return await work((pid) => writeFileSync(join(path, 'child'), String(pid)))
  } finally {
    clearInterval(beat)
    process.removeListener('exit', release)
    release()
  }
}

async function acquire(path, token, say) {
  const giveUpAt = Date.now() + WAIT_MS
  for (let told = false; !take(path, token); ) {
    const owner = read(path, 'owner')
    if (isStale(path, owner)) {
      clearStale(path, owner)
      continue
    }
    if (Date.now() > giveUpAt) throw waitedTooLong(path, owner)
    if (!told) say(`waits for another set-up of this folder (process ${owner.split(' ')[1] ?? '?'})`)
    told = true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function take(path, token) {
  try {
    mkdirSync(path)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new SetupProblem({
      what: `cannot make the lock folder ${path}`,
      why: error.message,
      fix: 'give yourself write access to this folder, then run again',
    })
  }
  writeFileSync(join(path, 'owner'), token)
  return true
}

function read(path, name) {
  try {
    return readFileSync(join(path, name), 'utf8')
  } catch {
    return ''
  }
}

function isStale(path, owner) {
  const [host, pid] = owner.split(' ')
  const isHere = host === hostname()
  const child = Number(read(path, 'child'))
  if (isHere && child > 0 && isAlive(child)) return false
  return (isHere && !isAlive(Number(pid))) || isSilent(path)
}

function isSilent(path) {
  try {
    return Date.now() - statSync(path).mtimeMs > SILENT_MS
  } catch {
    return false
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Moves the stale lock away in one step, so that of two who see it stale only one removes it. */
function clearStale(path, owner) {
  const aside = `${path}.stale-${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (read(aside, 'owner') === owner) return rmSync(aside, { recursive: true, force: true })
  // Between looking and moving, someone else had cleared it and taken the lock anew: give it back.
  try {
    renameSync(aside, path)
  } catch {
    rmSync(aside, { recursive: true, force: true })
  }
}

function releaseOwn(path, token) {
  if (read(path, 'owner') === token) rmSync(path, { recursive: true, force: true })
}

function touch(path) {
  try {
    const now = new Date()
    utimesSync(path, now, now)
  } catch {}
}

function waitedTooLong(path, owner) {
  return new SetupProblem({
    what: 'another set-up of this folder does not end',
    why: `${owner || 'an unknown process'} has held ${path} for more than ${WAIT_MS / 60_000} minutes`,
    fix: `end that process or remove ${path}, then run again`,
  })
}
