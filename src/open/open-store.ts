import { RedriveError } from '../model/redrive-error.ts'
import type { Store } from '../store/store.ts'

/** Where the ledger is, if nobody says. */
export const storeUrlDefault = 'sqlite:.redrive/ledger.db'

/** The store's URL: flag or option first, then `REDRIVE_STORE`, then `sqlite:.redrive/ledger.db`. Empty texts are as if not given. */
export function storeUrl(
  from: { readonly flag?: string | undefined; readonly env?: { readonly [name: string]: string | undefined } } = {},
): string {
  return from.flag || from.env?.['REDRIVE_STORE'] || storeUrlDefault
}

/**
 * Opens the ledger that a URL names: `sqlite:PATH` (relative to the working directory) or `memory:`.
 * Rejects with RD-1306 for any other scheme, RD-1910 for PostgreSQL, and as `openSqlite` says.
 */
export async function openStore(url: string): Promise<Store> {
  if (url === 'memory:' || url === 'sqlite::memory:') return openSqlite(':memory:')
  if (/^postgres(ql)?:/i.test(url)) {
    throw new RedriveError('RD-1910', {
      what: `The store ${withoutCredentials(url)} is a PostgreSQL database`,
      why: 'Its adapter comes with a later version.',
    })
  }
  const path = /^sqlite:(?!\/\/[^/])(.+)$/s.exec(url)?.[1]
  if (path !== undefined) return openSqlite(path)
  const meant = nearest(url)
  throw new RedriveError('RD-1306', {
    what: `The store URL ${JSON.stringify(withoutCredentials(url))} is none that redrive knows`,
    why: url.includes(':') ? 'Stores are named by sqlite:PATH or memory:.' : 'It has no scheme.',
    fix: meant === undefined ? 'Use sqlite:PATH or memory:.' : `Did you mean ${meant}?`,
  })
}

/** What was likely meant: a path without its scheme, a scheme written otherwise. */
function nearest(url: string): string | undefined {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? []
  if (scheme === '') return url === '' ? undefined : `sqlite:${url}`
  if (/^mem/i.test(scheme)) return 'memory:'
  const path = rest.replace(/^\/\/(?=[^/])/, '').replace(/^\/{2,}/, '/')
  if (path !== '' && /^(sq?l?ite?\d?|sqlit|sqllite|file|db)$/i.test(scheme)) return `sqlite:${path}`
  return undefined
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}

/** Imported when first needed: the library is imported without it. */
async function openSqlite(path: string): Promise<Store> {
  const adapter = await import('../store/sqlite/open-sqlite.ts')
  return adapter.openSqlite(path)
}
