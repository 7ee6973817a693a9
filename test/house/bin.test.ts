import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from './source-tree.ts'

const MAIN = `export async function main(argv) {
  console.log(JSON.stringify(argv))
  if (argv[0] === 'die') process.kill(process.pid, 'SIGKILL')
  if (argv[0] === 'wait') await new Promise((resolve) => {
    const keep = setInterval(() => {}, 1e6)
    process.on('SIGTERM', () => resolve(clearInterval(keep)))
    console.log('ready')
  })
  return Number(argv[1] ?? 0)
}`
// Pretends to be Node 20 in the first process only: the runtime that it finds is real.
const OLD_NODE = `if (!process.env.HANDED_OVER) {
  process.env.HANDED_OVER = '1'
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })
}
await import('./bin/redrive.js')`

const folder = mkdtempSync(join(tmpdir(), 'redrive-bin-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A package as installed, with a command line that shows what it was given. */
function installed(name: string, { hasRuntime }: { hasRuntime: boolean }): string {
  const home = join(folder, name)
  mkdirSync(join(home, 'dist', 'cli'), { recursive: true })
  cpSync(join(ROOT, 'bin'), join(home, 'bin'), { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(home, 'dist', 'cli', 'main.js'), MAIN)
  writeFileSync(join(home, 'old-node.js'), OLD_NODE)
  const runtime = join(home, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (hasRuntime) mkdirSync(dirname(runtime), { recursive: true })
  if (hasRuntime) symlinkSync(process.execPath, runtime)
  return home
}

function run(script: string, ...args: string[]) {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
}

describe('bin/redrive.js', () => {
  test('hands its arguments to the command line and ends with its exit code', () => {
    const { status, stdout } = run(join(installed('good', { hasRuntime: false }), 'bin', 'redrive.js'), 'run', '3')
    expect([status, stdout]).toEqual([3, '["run","3"]\n'])
  })

  describe('on an older Node', () => {
    const withRuntime = join(installed('beside', { hasRuntime: true }), 'old-node.js')

    test('runs itself with the runtime beside it, arguments and exit code kept', () => {
      const { status, stdout, stderr } = run(withRuntime, 'run', '3')
      expect([status, stdout, stderr]).toEqual([3, '["run","3"]\n', ''])
    })

    test('ends by the signal that ended the runtime', () => {
      expect(run(withRuntime, 'die').signal).toBe('SIGKILL')
    })

    test('passes SIGTERM on and waits for the end', async () => {
      const child = spawn(process.execPath, [withRuntime, 'wait', '143'], { stdio: ['ignore', 'pipe', 'inherit'] })
      child.stdout.on('data', (chunk) => String(chunk).includes('ready') && child.kill('SIGTERM'))
      expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(143)
    })

    test('says code, version found, version needed and the fix when there is none', () => {
      const { status, stdout, stderr } = run(join(installed('alone', { hasRuntime: false }), 'old-node.js'), 'run')
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/RD-1001.*\n.*found: +Node 20\.20\.2.*\n.*needed: Node 24.*\n.*npm install node-/)
    })
  })
})
