import { RedriveError } from '../model/redrive-error.ts'
import type { Store } from '../store/store.ts'
import { coloursOf } from './colours-of.ts'
import type { CommandRow } from './command.ts'
import { openLedger } from './open-ledger.ts'
import { createOutput } from './output.ts'
import { readCall } from './read-call.ts'
import { createTalk } from './talk.ts'
import type { World } from './world.ts'

/** Reads the words of a command and runs it; closes the ledger whatever happens. Answers the exit code. */
export async function runCommand(row: CommandRow, words: readonly string[], world: World): Promise<number> {
  if (!row.load) {
    throw new RedriveError('RD-1911', {
      what: `redrive ${row.name} is not built yet.`,
      fix: 'It comes with a later version. See `redrive help` for what is there.',
    })
  }
  const { args, globals, own, query } = readCall(row, words, world.nowMs())
  const command = await row.load()
  const talk = createTalk(world.stderr, {
    quiet: globals.quiet,
    store: globals.store,
    colours: coloursOf(world.stderr, world, globals.color),
  })
  const output = createOutput({
    out: world.stdout,
    globals,
    talk,
    colours: coloursOf(world.stdout, world, globals.color),
  })
  let opened: Promise<Store> | undefined
  const store = () => {
    opened ??= openLedger(globals.store, world)
    return opened
  }
  try {
    return await command({ world, args, globals, own, query, output, talk, store })
  } finally {
    const ledger = await opened?.catch(() => undefined)
    await ledger?.close()
  }
}
