// Prepares a clone: packages, runtime, build. Called before `npm start` and `npm test`; says nothing when all is there.
// Plain JavaScript without dependencies: it runs first, on whatever Node the machine has (18 or newer).
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './setup/lock.mjs'
import { runCommand, runNpm } from './setup/npm.mjs'
import { npmProblem, SetupProblem } from './setup/problem.mjs'
import { checkRuntime, needsRuntime, RUNTIME, runtimePath } from './setup/runtime.mjs'
import { isInstalled, lockHash, readText, sourceHash } from './setup/stamps.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const INSTALL_STAMP = join(ROOT, 'node_modules', '.redrive-setup')
const BUILD_STAMP = join(ROOT, 'dist', '.built-from')

/** Brings the clone at `root` into a state in which every npm script works. Throws SetupProblem. */
async function setup() {
  const startedAt = Date.now()
  if (!isReady()) await withLock(join(ROOT, '.setup-lock'), prepare, { say })
  const { node, sqlite } = await checkRuntime(ROOT)
  return { node, sqlite, elapsedMs: Date.now() - startedAt }
}

function isReady() {
  return hasPackages() && hasRuntime() && hasBuild()
}

async function prepare(onStart) {
  if (!hasPackages() || !hasRuntime()) await install(onStart)
  await checkRuntime(ROOT)
  if (!hasBuild()) await step('builds dist', () => build(onStart))
}

function hasPackages() {
  return readText(INSTALL_STAMP) === lockHash(ROOT)
}

function hasRuntime() {
  return !needsRuntime(ROOT) || existsSync(runtimePath(ROOT))
}

function hasBuild() {
  return readText(BUILD_STAMP) === sourceHash(ROOT)
}

async function install(onStart) {
  rmSync(INSTALL_STAMP, { force: true })
  const runtime = needsRuntime(ROOT) ? [RUNTIME] : []
  const what = ['the locked packages', ...runtime].join(' and ')
  if (!(isInstalled(ROOT) && hasRuntime())) await step(`installs ${what}`, () => installAll(what, { runtime, onStart }))
  writeFileSync(INSTALL_STAMP, lockHash(ROOT))
}

/**
 * `npm install --no-save` and not `npm ci`: ci refuses a lockfile made where the registry carries not every platform's
 * optional binary, and a runtime added after it would be another run. Locked versions and integrity hold in both.
 */
async function installAll(what, { runtime, onStart }) {
  // Development packages are wanted even where NODE_ENV=production; no package of ours needs an install script.
  const flags = ['--no-save', '--ignore-scripts', '--include=dev', '--engine-strict=false', '--prefer-offline']
  const args = ['install', ...runtime, ...flags, '--no-audit', '--no-fund', '--loglevel=error']
  const { ok, output } = await runNpm(ROOT, args, { onStart })
  if (!ok || !hasRuntime()) throw npmProblem(`${what} could not be installed`, output)
}

/** Compiles beside dist and swaps, so that a build that fails or is killed leaves the old one whole. */
async function build(onStart) {
  const [fresh, old, dist] = ['.dist-new', '.dist-old', 'dist'].map((name) => join(ROOT, name))
  rmSync(fresh, { recursive: true, force: true })
  rmSync(old, { recursive: true, force: true })
  const madeFrom = sourceHash(ROOT)
  const node = existsSync(runtimePath(ROOT)) ? runtimePath(ROOT) : process.execPath
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const { ok, output } = await runCommand(node, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: ROOT,
    onStart,
  })
  if (!ok) {
    rmSync(fresh, { recursive: true, force: true })
    throw new SetupProblem({
      what: 'the build failed',
      why: output.trim(),
      fix: 'mend the lines above, then run again',
    })
  }
  writeFileSync(join(fresh, '.built-from'), madeFrom)
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(fresh, dist)
  rmSync(old, { recursive: true, force: true })
}

async function step(what, work) {
  const startedAt = Date.now()
  say(`${what} …`)
  await work()
  say(`${what}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

function say(line) {
  process.stderr.write(`setup: ${line}\n`)
}

function explain(error) {
  if (!(error instanceof SetupProblem)) throw error
  say(`${error.message}\n  why: ${error.why}\n  fix: ${error.fix}`)
  process.exitCode = 1
}

await setup().then(({ node, sqlite, elapsedMs }) => {
  const isAskedFor = process.env.npm_lifecycle_event === 'setup'
  if (isAskedFor || elapsedMs > 1_000) say(`ready: Node ${node}, SQLite ${sqlite}, ${(elapsedMs / 1000).toFixed(1)} s`)
}, explain)
