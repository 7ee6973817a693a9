import { RedriveError } from '../model/redrive-error.ts'
import { guard } from '../store/guard.ts'
import { type Keyring, parseKeyring } from '../store/keyring.ts'
import type { Store } from '../store/store.ts'
import { openStore } from './open-store.ts'

/** The keys of the environment; undefined when none are given. Throws RD-1106 for what is no key. */
export function keyringOf(env: { readonly REDRIVE_KEYS?: string | undefined }): Keyring | undefined {
  if (env.REDRIVE_KEYS === undefined || env.REDRIVE_KEYS === '') return undefined
  const parsed = parseKeyring(env.REDRIVE_KEYS)
  if (parsed.ok) return parsed.keyring
  throw new RedriveError('RD-1106', { what: `REDRIVE_KEYS: ${parsed.why}` })
}

/** A ledger behind the redacting guard: the way everything above the store room opens one. */
export async function openGuarded(
  url: string,
  env: { readonly REDRIVE_KEYS?: string | undefined } = process.env,
): Promise<Store> {
  const keyring = keyringOf(env)
  const store = await openStore(url)
  const secretsOf = async (batchId: string) => (await store.runs.get(batchId))?.secret ?? []
  return guard(store, { secretsOf, ...(keyring && { keyring }) })
}
