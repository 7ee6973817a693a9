import { formatCount } from '../../report/figures.ts'
import type { Command } from '../command.ts'
import { sheet } from '../sheet.ts'

/** `redrive store info`. */
export const storeInfo: Command = async ({ output, store, talk }) => {
  const ledger = await store()
  const info = await ledger.info()
  await output.page(info, {
    text: () => {
      const lines = sheet([
        ['Ledger', info.url],
        ['Engine', info.engine],
        ['Schema', `version ${info.schemaVersion}`],
        ['Size', `${bytes(info.sizeBytes)}, and ${bytes(info.walBytes)} of log`],
        [
          'Holds',
          `${formatCount(info.batches)} batches, ${formatCount(info.letters)} dead letters, ${formatCount(info.operations)} operations`,
        ],
      ])
      return `${lines.join('\n')}\n`
    },
  })
  await talk.next('redrive store check', 'redrive batches')
  return 0
}

function bytes(count: number): string {
  if (count < 1_024) return `${count} B`
  return count < 1_048_576 ? `${(count / 1_024).toFixed(1)} KiB` : `${(count / 1_048_576).toFixed(1)} MiB`
}
