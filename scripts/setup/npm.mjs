import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Runs npm in `root` and answers { ok, output }. It runs on the Node that npm itself was started with:
 * `npm ci` empties node_modules, and with it the runtime that may be executing this script.
 */
export function runNpm(root, args, { onStart } = {}) {
  const script = process.env.npm_execpath
  const node = process.env.npm_node_execpath
  const direct = script && /npm-cli\.[cm]?js$/.test(script) && existsSync(script)
  const inside = node?.startsWith(join(root, 'node_modules'))
  const command = direct ? (node && !inside && existsSync(node) ? node : 'node') : 'npm'
  return runCommand(command, direct ? [script, ...args] : args, { cwd: root, env: environment(root), onStart })
}

/** Runs a command quietly and answers { ok, output }, output being both streams. `onStart` is told its process id. */
export function runCommand(command, args, { onStart, ...options } = {}) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command === 'npm'
    const child = spawn(command, args, { ...options, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    if (child.pid) onStart?.(child.pid)
    let output = ''
    const collect = (chunk) => {
      output = (output + chunk).slice(-64 * 1024)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => resolve({ ok: false, output: `${output}\n${error.message}` }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

/** The surroundings of npm: without this folder's node_modules/.bin in PATH, whose node is about to go. */
function environment(root) {
  const bin = join(root, 'node_modules', '.bin')
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== bin)
  return { ...process.env, PATH: path.join(delimiter) }
}
