import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedriveError } from '../model/redrive-error.ts'
import { checkEngine } from '../store/sqlite/engine-version.ts'
import { type Finding, ok, warning, wrong } from './finding.ts'
import { keyringOf } from './open-guarded.ts'

/** Below so many bytes a ledger can't be written for long. */
const diskLow = 1024 ** 3
const diskFull = 64 * 1024 ** 2
const nodeMajor = 24
/** The clock of a machine that lost its battery stands in the past. */
const [yearMin, yearMax] = [2026, 2100]

/** Node: redrive's own code needs no more than this. */
export function diagnoseNode(version: string): Finding {
  if (Number.parseInt(version, 10) >= nodeMajor) return ok('node', `Node ${version}`)
  return wrong('node', `Node ${version}; redrive needs ${nodeMajor} or newer`, `Install Node ${nodeMajor}.`)
}

/** SQLite as this Node brings it. */
export function diagnoseSqlite(version: string): Finding {
  try {
    checkEngine(version)
    return ok('sqlite', `SQLite ${version}`)
  } catch (error) {
    return asWrong('sqlite', error)
  }
}

/** Keys of secret fields, if there are any. Never shows one. */
export function diagnoseKeys(value: string | undefined): Finding {
  try {
    const keyring = keyringOf({ REDRIVE_KEYS: value })
    return ok(
      'keys',
      keyring
        ? `REDRIVE_KEYS: ${keyring.keys.size} usable, ${keyring.writes} writes`
        : 'REDRIVE_KEYS is not set: only jobs with secret fields need it',
    )
  } catch (error) {
    return asWrong('keys', error)
  }
}

/** Wall clock: by itself, and against the newest change in the ledger. */
export function diagnoseClock(nowMs: number, newestChangeMs: number | undefined): Finding {
  const fix = 'Set the clock of this machine, by NTP for example: leases and due times depend on it.'
  const now = new Date(nowMs)
  const year = now.getUTCFullYear()
  if (!(year >= yearMin && year < yearMax)) return wrong('clock', `it says ${now.toISOString()}`, fix)
  if (newestChangeMs !== undefined && newestChangeMs > nowMs + 60_000) {
    return wrong(
      'clock',
      `it says ${now.toISOString()}, and the ledger was written at ${new Date(newestChangeMs).toISOString()}`,
      fix,
    )
  }
  return ok('clock', now.toISOString())
}

/** Free space where the ledger is, for the user who asks. */
export function diagnoseDisk(folder: string, freeBytes = freeIn(folder)): Finding {
  if (freeBytes === undefined)
    return warning('disk', `the free space of ${folder} can't be told`, 'Look at it with df.')
  const detail = `${inUnits(freeBytes)} free in ${folder}`
  if (freeBytes < diskFull)
    return wrong('disk', detail, 'Free some space, or put the ledger elsewhere: --store sqlite:PATH.')
  if (freeBytes < diskLow)
    return warning('disk', detail, 'Free some space before a large batch: its dead letters keep their payloads.')
  return ok('disk', detail)
}

function freeIn(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return undefined
  }
}

/** Folder of temporary files. */
export function diagnoseTemp(folder: string = tmpdir()): Finding {
  try {
    const made = mkdtempSync(join(folder, 'redrive-doctor-'))
    writeFileSync(join(made, 'probe'), 'x')
    rmSync(made, { recursive: true })
    return ok('temp', `${folder} can be written`)
  } catch (error) {
    return wrong(
      'temp',
      `${folder} can't be written: ${(error as Error).message}`,
      'Set TMPDIR to a folder that can be written.',
    )
  }
}

/** An error of redrive's own as a finding. */
export function asWrong(check: string, error: unknown): Finding {
  if (error instanceof RedriveError) return wrong(check, `${error.code}: ${error.what}`, error.fix)
  return wrong(check, String(error), 'Report it with the message.')
}

/** `1.5 GiB` */
export function inUnits(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  let at = 0
  let size = bytes
  for (; size >= 1024 && at < units.length - 1; at++) size /= 1024
  return `${at === 0 ? size : size.toFixed(1)} ${units[at]}`
}
