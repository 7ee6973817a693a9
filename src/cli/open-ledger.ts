import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { RedriveError } from '../model/redrive-error.ts'
import { openStore, storeUrl } from '../open/open-store.ts'
import type { Store } from '../store/store.ts'
import type { World } from './world.ts'

/** URL of the ledger: flag, `REDRIVE_STORE`, default. A path is made absolute. */
export function ledgerUrl(flag: string | undefined, { env, cwd }: Pick<World, 'env' | 'cwd'>): string {
  const url = storeUrl({ ...(flag !== undefined && { flag }), env })
  return url.startsWith('sqlite:') && url !== 'sqlite::memory:'
    ? `sqlite:${resolve(cwd, url.slice('sqlite:'.length))}`
    : url
}

/** Opens the ledger to be looked at. It is never made by that: RD-1301 if the file does not exist. */
export async function openLedger(flag: string | undefined, world: World): Promise<Store> {
  return openStore(existingLedgerUrl(flag, world))
}

/** URL of a ledger that is there. RD-1301 if its file does not exist. */
export function existingLedgerUrl(flag: string | undefined, world: Pick<World, 'env' | 'cwd'>): string {
  const url = ledgerUrl(flag, world)
  if (url.startsWith('sqlite:/') && !existsSync(url.slice('sqlite:'.length))) {
    throw new RedriveError('RD-1301', {
      what: `There is no ledger at ${url}.`,
      why:
        flag === undefined && !world.env['REDRIVE_STORE']
          ? 'It is looked for in the working directory, unless --store or REDRIVE_STORE says otherwise.'
          : 'It is made by the first run.',
      fix: 'Go to the folder of the batch, or give --store sqlite:PATH. A first ledger is made by `redrive run JOB_FILE`.',
    })
  }
  return url
}
