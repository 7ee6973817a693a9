// `npm run bench`: builds dist, installs the peers of bench/ on first use, and measures. Its flags: docs/performance.md.
// Plain JavaScript without dependencies, as the set-up: it may be started by an older Node than the one it measures with.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNpm } from './setup/npm.mjs'
import { npmProblem } from './setup/problem.mjs'
import { runtimePath } from './setup/runtime.mjs'
import { lockHash, readText } from './setup/stamps.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const BENCH = join(ROOT, 'bench')
const STAMP = join(BENCH, 'node_modules', '.redrive-bench')

run(process.execPath, [join(ROOT, 'scripts', 'setup.mjs')])
await installPeers()
const node = existsSync(runtimePath(ROOT)) ? runtimePath(ROOT) : process.execPath
run(node, [join(BENCH, 'main.ts'), ...process.argv.slice(2)])

async function installPeers() {
  if (readText(STAMP) === lockHash(BENCH)) return
  process.stderr.write('bench: installs the locked peers …\n')
  // As in the set-up: `npm ci` refuses lockfiles made where not every platform's binary was at hand. No peer needs a script.
  const flags = ['--no-save', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  const { ok, output } = await runNpm(BENCH, ['install', ...flags])
  if (!ok) {
    const { message, why, fix } = npmProblem('the peers of bench/ could not be installed', output)
    process.stderr.write(`bench: ${message}\n  why: ${why}\n  fix: ${fix}\n`)
    process.exit(1)
  }
  writeFileSync(STAMP, lockHash(BENCH))
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
