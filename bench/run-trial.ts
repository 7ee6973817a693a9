import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rowsFile } from './rows-file.ts'
import type { Sample } from './suite.ts'
import { workFolder } from './work-folder.ts'

/** A contestant that takes longer is ended, and the bench fails. */
const TRIAL_LIMIT_MS = 600_000
const CHILD = join(import.meta.dirname, 'trial-child.ts')

/** What a child is told. */
export interface Order {
  readonly module: string
  readonly warmUp: { readonly count: number; readonly file: string }
  readonly main: { readonly count: number; readonly file: string }
  readonly folder: string
}

/** What a child answers. */
export interface TrialReport {
  readonly elapsedMs: number
  /** User and system, all threads. */
  readonly cpuMs: number
  /** Highest of the whole process, warm-up included. */
  readonly rssBytes: number
}

export interface TrialOptions {
  /** File name in `contestants/`, without `.ts`. */
  readonly contestant: string
  readonly count: number
  /** Items of the run before the measured one, in the same process. */
  readonly warmUp: number
  /** Items come from a file of JSON lines instead of an array. */
  readonly fromFile?: boolean
  readonly unit: 'ns per item' | 'items/s'
}

/** Runs a contestant once in a child process. Rejects when it fails, or leaves an item out. */
export async function runTrial({ contestant, count, warmUp, fromFile = false, unit }: TrialOptions): Promise<Sample> {
  const folder = mkdtempSync(join(workFolder(), 'run-'))
  const part = (rows: number) => ({ count: rows, file: fromFile ? rowsFile(rows) : '' })
  const module = join(import.meta.dirname, 'contestants', `${contestant}.ts`)
  try {
    const report = await inChild({ module, warmUp: part(warmUp), main: part(count), folder })
    const { elapsedMs, cpuMs, rssBytes } = report
    const value = unit === 'items/s' ? count / (elapsedMs / 1000) : (elapsedMs * 1e6) / count
    return { value, elapsedMs, cpuNs: (cpuMs * 1e6) / count, rssBytes }
  } catch (cause) {
    throw new Error(`the contestant ${contestant} failed on ${count} items`, { cause })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function inChild(order: Order): Promise<TrialReport> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      cwd: order.folder,
      timeout: TRIAL_LIMIT_MS,
    })
    let complaint = ''
    child.stderr!.on('data', (chunk) => {
      complaint = (complaint + chunk).slice(-8_192)
    })
    child.once('message', (report) => resolve(report as TrialReport))
    child.once('error', reject)
    child.once('close', (code, signal) =>
      reject(new Error(`exit ${signal ?? code}: ${complaint.trim() || 'it said nothing'}`)),
    )
    child.send(order)
  })
}
