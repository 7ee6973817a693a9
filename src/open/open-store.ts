import { RedriveError } from '../model/redrive-error.ts'
import type { Store } from '../store/store.ts'

/** Where the ledger is when nobody says. */
const DEFAULT_URL = 'sqlite:.redrive/ledger.db'

/** URL of the ledger: the flag or option, then REDRIVE_STORE, then `sqlite:.redrive/ledger.db`. */
export function storeUrl({ flag, env }: { readonly flag?: string; readonly env: { readonly REDRIVE_STORE?: string | undefined } }): string {
  return flag ?? (env.REDRIVE_STORE || DEFAULT_URL)
}

/** Opens the store of a URL: `sqlite:PATH` or `memory:`. Rejects with RD-1306 for another scheme, RD-1910 for PostgreSQL, RD-13xx if it can't be opened. */
export async function openStore(url: string): Promise<Store> {
  if (url === 'memory:') return openSqlite(':memory:')
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
    if (path === '') throw new RedriveError('RD-1306', { what: `the store '${url}' names no file`, fix: `Write sqlite:PATH, for example ${DEFAULT_URL}.` })
    return openSqlite(path)
  }
  if (/^postgres(ql)?:/.test(url)) throw new RedriveError('RD-1910', { what: 'the PostgreSQL store is not built yet' })
  const path = /^[./~]|\.(db|sqlite3?)$/.test(url)
  throw new RedriveError('RD-1306', {
    what: `the store '${url.slice(0, 200)}' has no scheme that redrive knows`,
    ...(path && { fix: `If it is a file, write sqlite:${url}.` }),
  })
}

async function openSqlite(path: string): Promise<Store> {
  const adapter = await import('../store/sqlite/open-sqlite.ts')
  return adapter.openSqlite(path)
}
