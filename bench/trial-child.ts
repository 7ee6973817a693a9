// Runs one contestant in a process of its own, so that nobody's compiled code or garbage is another's. Started by run-trial.ts.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, checkTally, itemAt, type Trial } from './contestant.ts'
import type { Order, TrialReport } from './run-trial.ts'

process.once('message', (order: Order) => {
  measure(order).then(
    (report) => process.send!(report, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function measure(order: Order): Promise<TrialReport> {
  const { contestant } = (await import(order.module)) as { contestant: Contestant }
  if (order.warmUp.count > 0) await runChecked(contestant, trialOf(order.warmUp, order))
  const trial = trialOf(order.main, order)
  globalThis.gc?.()
  const cpuBefore = process.cpuUsage()
  const startedMs = performance.now()
  await runChecked(contestant, trial)
  const elapsedMs = performance.now() - startedMs
  const cpu = process.cpuUsage(cpuBefore)
  const rssBytes = process.resourceUsage().maxRSS * 1024
  return { elapsedMs, cpuMs: (cpu.user + cpu.system) / 1000, rssBytes }
}

async function runChecked(contestant: Contestant, trial: Trial): Promise<void> {
  checkTally(await contestant.run(trial), trial.count)
}

function trialOf({ count, file }: Order['main'], { folder }: Order): Trial {
  const items = file === '' ? Array.from({ length: count }, (_, id) => itemAt(id)) : []
  return { count, items, file, folder: mkdtempSync(join(folder, 'trial-')) }
}
