import { RedriveError } from '../../model/redrive-error.ts'
import { plural } from '../../report/figures.ts'
import { terminalText } from '../../report/terminal-text.ts'
import type { Command } from '../command.ts'

/** `redrive store check`: exits 0 when the ledger is sound; else prints what is damaged, and exits 6 with RD-1304. */
export const storeCheck: Command = async ({ output, store }) => {
  const ledger = await store()
  const damage = await ledger.check()
  await output.page(
    { sound: damage.length === 0, damage },
    {
      text: () =>
        damage.length === 0 ? 'The ledger is sound.\n' : damage.map((line) => `${terminalText(line)}\n`).join(''),
    },
  )
  if (damage.length > 0)
    throw new RedriveError('RD-1304', { what: `${plural(damage.length, 'damage')} found in ${ledger.url}.` })
  return 0
}
