// Only loaded on a Node that is too old for redrive: finds a newer one that was installed beside it and hands over.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
// Sent by a terminal to the whole group, so the child has them already: sent twice they would mean "stop now".
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT', 'SIGHUP']
const EXIT_USAGE = 2

/** Runs this command line again with a Node of at least `major`; without one says what to do, exit code 2. */
export async function runWithNewerNode(major) {
  const runtime = candidates().find((path) => existsSync(path) && majorOf(path) >= major)
  if (runtime) return handOver(runtime)
  process.stderr.write(
    `RD-1001 redrive cannot run on this Node\n` +
      `  found:  Node ${process.versions.node} (${process.execPath})\n` +
      `  needed: Node ${major} or newer: redrive keeps its ledger in the SQLite that comes with it\n` +
      `  fix:    npm install ${PACKAGE}@${major}   (brings a runtime beside redrive; no install script)\n` +
      `          or install Node ${major} from nodejs.org\n`,
  )
  process.exitCode = EXIT_USAGE
}

/** Every place up the tree, from this package and from the link that started it, nearest first. */
function candidates() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const starts = [HERE, dirname(process.argv[1] ?? HERE)]
  const folders = [...new Set(starts.flatMap(foldersUp))].map((folder) => join(folder, 'node_modules'))
  return folders.flatMap((modules) => [join(modules, PACKAGE, 'bin', name), join(modules, '.bin', name)])
}

function foldersUp(start) {
  const parent = dirname(start)
  return parent === start ? [start] : [start, ...foldersUp(parent)]
}

/** 0 when it does not start: a build for another C library, a broken link. */
function majorOf(path) {
  const { stdout } = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8', timeout: 5_000 })
  return Number.parseInt(stdout ?? '', 10) || 0
}

function handOver(runtime) {
  const child = spawn(runtime, [...process.execArgv, process.argv[1], ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGUSR2', ...FROM_TERMINAL]) process.on(signal, () => forward(child, signal))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`RD-1001 the runtime ${runtime} does not start: ${error.message}\n`)
      process.exitCode = EXIT_USAGE
      resolve()
    })
    child.on('exit', (code, signal) => {
      if (signal) endLike(signal)
      else process.exitCode = code
      resolve()
    })
  })
}

function forward(child, signal) {
  const isTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  if (!(isTerminal && FROM_TERMINAL.includes(signal))) child.kill(signal)
}

function endLike(signal) {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
