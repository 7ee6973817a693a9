import { withLedger } from '../act-ledger.ts'
import { askRunner } from '../ask-runner.ts'
import { printBatchAct, wrongState } from '../batch-act.ts'
import type { Command } from '../command.ts'
import { derivedState } from '../derived-state.ts'
import { findBatch } from '../find-batch.ts'

/** `redrive batch pause BATCH`: nothing new starts. A living runner keeps its lease and waits; without one the batch waits in the ledger. */
export const batchPause: Command = (call) =>
  withLedger(call, async (store) => {
    const { world } = call
    const batchId = call.args[0]!
    const batch = await findBatch(store, batchId)
    const state = derivedState(batch, world.nowMs())
    if (state !== 'running' && state !== 'interrupted') throw wrongState(batch, 'paused', state)
    const asked =
      state === 'running'
        ? await askRunner(world, { store, batchId, kind: 'pause', isDone: ({ state }) => state !== 'running' })
        : 'gone'
    if (asked === 'gone') {
      const { pauseBatch } = await import('../../open/idle-batch.ts')
      await pauseBatch({ store, batchId })
    }
    return printBatchAct(call, store, {
      batchId,
      said:
        asked === 'asked'
          ? 'was asked to pause: attempts are still under way, and it pauses when they have ended'
          : 'is paused',
      next: [`redrive batch resume ${batchId}`, `redrive batch show ${batchId}`],
    })
  })
