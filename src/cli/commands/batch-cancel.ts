import { plural } from '../../report/figures.ts'
import { withLedger } from '../act-ledger.ts'
import { askRunner } from '../ask-runner.ts'
import { printBatchAct, wrongState } from '../batch-act.ts'
import type { Command } from '../command.ts'
import { confirm } from '../confirm.ts'
import { derivedState, isRun } from '../derived-state.ts'
import { findBatch } from '../find-batch.ts'

const openStates = ['running', 'paused', 'stopped', 'interrupted']

/** `redrive batch cancel BATCH [--drain]`: ends a batch for good, in its living runner or, without one, in the ledger. */
export const batchCancel: Command = (call) =>
  withLedger(call, async (store) => {
    const { world, own } = call
    const batchId = call.args[0]!
    const batch = await findBatch(store, batchId)
    const state = derivedState(batch, world.nowMs())
    if (!openStates.includes(state)) throw wrongState(batch, 'cancelled', state)
    const { pending, running, waiting, held } = await store.runs.counts(batchId)
    const open = pending + running + waiting + held
    await confirm(call, {
      name: 'batch cancel',
      act: `Cancel batch ${batchId} of ${batch.job} for good: ${plural(open, 'open item')}, and what is not read yet, will not be done`,
      again: ['--yes'],
    })
    const asked = isRun(batch, world.nowMs())
      ? await askRunner(world, {
          store,
          batchId,
          kind: own['drain'] ? 'drain' : 'cancel',
          isDone: ({ state }) => !openStates.includes(state),
        })
      : 'gone'
    if (asked === 'gone') {
      const { cancelBatch } = await import('../../open/idle-batch.ts')
      await cancelBatch({ store, batchId })
    }
    return printBatchAct(call, store, {
      batchId,
      said:
        asked === 'asked'
          ? 'was asked to end: attempts are still under way, and it is cancelled when they have ended'
          : 'is cancelled for good',
      next: [`redrive items ${batchId} --where state:cancelled`, `redrive quarantine list --where batch:${batchId}`],
    })
  })
