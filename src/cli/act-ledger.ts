import type { Store } from '../store/store.ts'
import type { Call } from './command.ts'
import { existingLedgerUrl } from './open-ledger.ts'

/** Opens the ledger to act on it, behind the guard; it must be there. Closed when `act` has ended, whatever happens. */
export async function withLedger<Answer>(call: Call, act: (store: Store) => Promise<Answer>): Promise<Answer> {
  const { openGuarded } = await import('../open/open-guarded.ts')
  const store = await openGuarded(existingLedgerUrl(call.globals.store, call.world), call.world.env)
  try {
    return await act(store)
  } finally {
    await store.close()
  }
}
