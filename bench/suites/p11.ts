import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { differenceGoal } from '../goals.ts'
import type { Entrant, Sample, Suite } from '../suite.ts'

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'redrive.js')
const LIBRARY = join(import.meta.dirname, '..', '..', 'dist', 'index.js')
const EMPTY = join(import.meta.dirname, '..', 'empty.mjs')

/** What a person waits for before the first line. */
export function start(isQuick: boolean): Suite {
  return {
    id: 'P11',
    title: 'Start of the command line',
    how: 'Wall time of the whole process, from its start to its end, one process each; the first of each is not counted.',
    unit: 'ms',
    rounds: isQuick ? 3 : 20,
    reference: 'node -e 0',
    contestants: warmedUp([
      command('node -e 0', { args: ['-e', '0'], expected: '' }),
      command('redrive --help', { args: [BIN, '--help'], expected: 'Usage: redrive' }),
    ]),
    goals: [
      differenceGoal('--help at most 60 ms above bare node', {
        above: 'redrive --help',
        below: 'node -e 0',
        atMost: 60,
      }),
    ],
  }
}

/** What a program pays for importing the library. */
export function importTime(isQuick: boolean): Suite {
  return {
    id: 'P11',
    title: 'Import of the library',
    how: 'Time of `await import(…)` inside a fresh process, without a compile cache; the first of each is not counted.',
    unit: 'ms',
    rounds: isQuick ? 3 : 20,
    reference: 'an empty module',
    contestants: warmedUp([imported('an empty module', EMPTY), imported('redrive', LIBRARY)]),
    goals: [
      differenceGoal('import at most 30 ms above an empty module', {
        above: 'redrive',
        below: 'an empty module',
        atMost: 30,
      }),
    ],
  }
}

/** The first sample of each, which finds cold disks and caches, is thrown away. */
function warmedUp(entrants: readonly Entrant[]): Entrant[] {
  return entrants.map(({ name, sample }) => {
    let isWarm = false
    return {
      name,
      async sample() {
        if (!isWarm) await sample()
        isWarm = true
        return sample()
      },
    }
  })
}

function command(name: string, { args, expected }: { args: readonly string[]; expected: string }): Entrant {
  return {
    name,
    async sample(): Promise<Sample> {
      const startedMs = performance.now()
      const output = runNode(args)
      const elapsedMs = performance.now() - startedMs
      if (!output.includes(expected)) throw new Error(`${name} printed no "${expected}"`)
      return { value: elapsedMs, elapsedMs }
    },
  }
}

function imported(name: string, path: string): Entrant {
  const url = JSON.stringify(pathToFileURL(path).href)
  const script = `const startedMs = performance.now(); await import(${url}); process.stdout.write(String(performance.now() - startedMs))`
  return {
    name,
    async sample(): Promise<Sample> {
      const elapsedMs = Number(runNode(['--input-type=module', '-e', script]))
      if (!(elapsedMs > 0)) throw new Error(`the import of ${name} took no time`)
      return { value: elapsedMs, elapsedMs }
    },
  }
}

function runNode(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${args[0]} ended with ${status}: ${stderr}`)
  return stdout
}
