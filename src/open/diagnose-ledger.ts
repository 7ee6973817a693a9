import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Store } from '../store/store.ts'
import { asWrong, inUnits } from './diagnose-machine.ts'
import { type Finding, ok, warning, wrong } from './finding.ts'
import { openStore } from './open-store.ts'

/** What a look at a ledger found. */
export interface LedgerFindings {
  readonly findings: readonly Finding[]
  /** Of its newest change; undefined if there is none. */
  readonly newestChangeMs?: number
}

/** A larger ledger isn't read whole by a doctor. */
const checkedBytes = 2 * 1024 ** 3

/** Opens a ledger that is there, reads its schema and checks it for damage. One that isn't there is not made. */
export async function diagnoseLedger(url: string): Promise<LedgerFindings> {
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined
  if (path !== undefined && !existsSync(path)) return { findings: [notThere(path)] }
  // Before it is opened: that takes the right to read it from others.
  const readers = path === undefined ? [] : [permissions(path)]
  let store: Store
  try {
    store = await openStore(url)
  } catch (error) {
    return { findings: [asWrong('ledger', error), ...readers] }
  }
  try {
    return await look(store, readers)
  } catch (error) {
    return { findings: [asWrong('ledger', error)] }
  } finally {
    await store.close()
  }
}

/** The nearest folder that is there. */
export function existingFolder(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder))
    if (existsSync(folder) || dirname(folder) === folder) return folder
}

function notThere(path: string): Finding {
  const folder = existingFolder(path)
  try {
    accessSync(folder, constants.W_OK)
    return ok('ledger', `none yet at ${path}: the first run makes it`)
  } catch {
    return wrong(
      'ledger',
      `none yet at ${path}, and ${folder} can't be written`,
      'Give --store sqlite:PATH in a folder that can be written, or allow it.',
    )
  }
}

async function look(store: Store, readers: readonly Finding[]): Promise<LedgerFindings> {
  const info = await store.info()
  const findings = [
    ok(
      'ledger',
      `${store.url}: schema ${info.schemaVersion}, ${inUnits(info.sizeBytes)}, ${info.batches} batches, ${info.letters} dead letters`,
    ),
    await integrity(store, info.sizeBytes),
    ...readers,
  ]
  const latest = await store.changes.latest()
  const newest = latest === 0 ? undefined : (await store.changes.since(latest - 1, 1))[0]
  return { findings, ...(newest && { newestChangeMs: newest.atMs }) }
}

async function integrity(store: Store, sizeBytes: number): Promise<Finding> {
  if (sizeBytes > checkedBytes)
    return warning('integrity', `not checked: ${inUnits(sizeBytes)} take a while`, 'Check it with redrive store check.')
  const damage = await store.check()
  if (damage.length === 0) return ok('integrity', 'sound')
  return wrong(
    'integrity',
    `${damage.length} findings, the first: ${damage[0]}`,
    'See all with redrive store check, then restore a backup.',
  )
}

/** A ledger holds payloads: nobody else of this machine has to read them. */
function permissions(path: string): Finding {
  const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file))
  if (process.platform === 'win32') return ok('permissions', 'those of the folder')
  const open = files.filter((file) => (statSync(file).mode & 0o077) !== 0)
  if (open.length === 0) return ok('permissions', 'only its owner may read the ledger')
  return warning('permissions', `others of this machine could read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)
}
