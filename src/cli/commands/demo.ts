import { fileURLToPath } from 'node:url'
import type { Command } from '../command.ts'
import { ledgerUrl } from '../open-ledger.ts'
import { runToEnd } from '../run-to-end.ts'

/** The demo's job, built or not. */
const jobFile = fileURLToPath(
  new URL(`../demo/orders${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
)

/**
 * `redrive demo`: 300 orders to a service on this machine that goes down and comes back, in some seconds. Exits 3: the
 * outage leaves nothing in quarantine, but three malformed rows. The ledger is in memory unless `--store` says where.
 */
export const demo: Command = async (call) => {
  const { globals, world, talk } = call
  const [{ loadJob }, { openGuarded }, { sourceWithInput }] = await Promise.all([
    import('../../open/load-job.ts'),
    import('../../open/open-guarded.ts'),
    import('../../open/source-input.ts'),
  ])
  const loaded = await loadJob(jobFile, world.cwd)
  const url = globals.store === undefined ? 'memory:' : ledgerUrl(globals.store, world)
  const store = await openGuarded(url, world.env)
  await talk.say(
    '300 orders go to a service of this machine. It fails now and then, is down for 2.5 s, and comes back.',
  )
  await talk.say('Three rows are malformed: a bad country, a bad amount, a cell too many.')
  try {
    return await runToEnd(call, {
      loaded,
      source: sourceWithInput(loaded.innards.definition),
      store,
      options: {},
      next: nextOf(globals.store),
    })
  } finally {
    await store.close()
  }
}

/** A ledger in memory is gone when people read this. */
function nextOf(store: string | undefined): readonly string[] {
  if (store === undefined) return ['redrive demo --store sqlite:.redrive/demo.db', 'redrive help']
  return ['redrive quarantine list', 'redrive quarantine edit ID --set country=GB', 'redrive quarantine retry ID']
}
