import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, 'bin', 'redrive.js')

/** Test data from outside, beside the repository; undefined, said aloud, when it is not there. */
export function sharedData(name: string): string | undefined {
  const folder = join(process.env['REDRIVE_SHARED_DATA'] ?? join(ROOT, '..', 'shared', 'data'), name)
  if (existsSync(folder)) return folder
  console.warn(`skipped: no test data at ${folder} (set REDRIVE_SHARED_DATA)`)
  return undefined
}

/** The built command line as a process of its own. */
export function redrive(args: readonly string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 << 20,
  })
  return { exitCode: status, stdout, stderr }
}

/** The objects that a command prints with `--json`, one a line. Throws what the command said if it failed. */
export function redriveLines(
  args: readonly string[],
  where: { cwd: string; env?: Record<string, string> },
): { [field: string]: any }[] {
  const { exitCode, stdout, stderr } = redrive([...args, '--json'], where)
  if (exitCode !== 0) throw new Error(`redrive ${args.join(' ')}: exit code ${exitCode}\n${stderr}`)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
