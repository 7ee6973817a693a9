import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** Where the figures were taken. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGib: number
  readonly system: string
  /** Processes that wanted to run, on average over the minute before: above 0.5 the figures suffer. */
  readonly loadBefore: number
}

export function thisMachine(): Machine {
  const cores = cpus()
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()} ${release()}`,
    loadBefore: Math.round(loadavg()[0]! * 100) / 100,
  }
}

/** Versions of Node, SQLite, redrive with its commit, and each peer. */
export function versionsInUse(): Readonly<Record<string, string>> {
  const own = manifest(ROOT) as { version: string }
  const { dependencies } = manifest(import.meta.dirname) as { dependencies: Record<string, string> }
  const peers = Object.keys(dependencies).map((name) => {
    return [name, (manifest(join(import.meta.dirname, 'node_modules', name)) as { version: string }).version] as const
  })
  const commit = currentCommit()
  return {
    node: process.versions.node,
    sqlite: process.versions['sqlite'] ?? 'none',
    redrive: commit === undefined ? own.version : `${own.version} (${commit})`,
    ...Object.fromEntries(peers),
  }
}

function currentCommit(): string | undefined {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })
  const { status, stdout } = git('rev-parse', '--short', 'HEAD')
  if (status !== 0) return undefined
  const isChanged = git('status', '--porcelain', '--', 'src', 'bench', 'bin').stdout.trim() !== ''
  return `${stdout.trim()}${isChanged ? ', changed' : ''}`
}

function manifest(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
