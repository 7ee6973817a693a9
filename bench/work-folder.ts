import { mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const TMPFS = 0x01021994

/** Where files and ledgers are made: `REDRIVE_BENCH_DIR`, else `bench/.work`. Throws on a disk of memory, whose fsync costs nothing. */
export function workFolder(): string {
  const folder = process.env['REDRIVE_BENCH_DIR'] ?? join(import.meta.dirname, '.work')
  const path = join(folder, `redrive-bench-${process.pid}`)
  mkdirSync(path, { recursive: true })
  if (statfsSync(path).type === TMPFS) {
    throw new Error(
      `${folder} lies in memory, where a commit costs nothing: set REDRIVE_BENCH_DIR to a folder on a disk`,
    )
  }
  return path
}

export function removeWorkFolder(): void {
  rmSync(workFolder(), { recursive: true, force: true })
}
