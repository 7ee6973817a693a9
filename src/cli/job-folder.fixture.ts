import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import { cli, type Left, type TestWorld } from './test-world.fixture.ts'

const src = join(import.meta.dirname, '..')
/** What a job file of the tests imports as `redrive`. */
export const library = pathToFileURL(join(src, 'index.ts')).href

/** A process of the command line, under way. */
export interface Running {
  readonly child: ChildProcess
  /** Resolves when standard error or output has said something that fits. */
  said(pattern: RegExp): Promise<void>
  readonly left: Promise<Left & { readonly signal: NodeJS.Signals | null }>
}

/** For the tests of a file: a folder of job files and data, and command lines in it, in this process or in one of their own. */
export function jobFolder() {
  const cwd = mkdtempSync(join(tmpdir(), 'redrive-job-'))
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))
  const path = (name: string) => join(cwd, name)
  return {
    cwd,
    path,
    write: (name: string, text: string) => writeFileSync(path(name), text.replaceAll("'redrive'", `'${library}'`)),
    run: (words: readonly string[], test: TestWorld = {}): Promise<Left> =>
      cli(words, { cwd, nowMs: Date.now(), ...test }),
    start: (words: readonly string[], env: { readonly [name: string]: string } = {}): Running =>
      started(words, { cwd, env }),
  }
}

function started(
  words: readonly string[],
  { cwd, env }: { cwd: string; env: { readonly [name: string]: string } },
): Running {
  const child = spawn(process.execPath, [join(src, 'cli', 'cli-process.fixture.ts'), ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk
      for (const listener of listeners) listener()
    })
  }
  const left = new Promise<Left & { signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ exitCode: code ?? -1, signal, ...texts })
    })
  })
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(texts.stderr + texts.stdout)) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      child.on('close', () => reject(new Error(`it ended without saying ${pattern}: ${texts.stderr}${texts.stdout}`)))
      look()
    })
  return { child, said, left }
}
