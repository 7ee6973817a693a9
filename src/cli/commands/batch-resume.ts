import { resumableStates } from '../../model/batch.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import { withLedger } from '../act-ledger.ts'
import { askRunner } from '../ask-runner.ts'
import { printBatchAct, wrongState } from '../batch-act.ts'
import type { Command } from '../command.ts'
import { derivedState, isRun } from '../derived-state.ts'
import { findBatch } from '../find-batch.ts'
import { runToEnd } from '../run-to-end.ts'

/** `redrive batch resume BATCH`: wakes the paused runner; without a living one the batch runs here, with the job file that it names, and the exit code is the batch's. */
export const batchResume: Command = (call) =>
  withLedger(call, async (store) => {
    const { world, own } = call
    const batchId = call.args[0]!
    const batch = await findBatch(store, batchId)
    const state = derivedState(batch, world.nowMs())
    if (!resumableStates.has(state)) throw wrongState(batch, 'resumed', state)
    if (isRun(batch, world.nowMs())) {
      if (state !== 'paused')
        throw new RedriveError('RD-1502', {
          what: `Batch ${batchId} runs already.`,
          fix: `Watch it: redrive batch watch ${batchId}`,
        })
      const asked = await askRunner(world, {
        store,
        batchId,
        kind: 'resume',
        isDone: ({ state }) => state !== 'paused',
      })
      if (asked !== 'gone') {
        return printBatchAct(call, store, {
          batchId,
          said: asked === 'done' ? 'goes on in its runner' : 'was asked to go on',
          next: [`redrive batch watch ${batchId}`],
        })
      }
    }
    const [{ jobOfBatch }, { sourceOfBatch }] = await Promise.all([
      import('../../open/job-of-batch.ts'),
      import('../../open/source-input.ts'),
    ])
    const { job: jobFile } = own
    const loaded = await jobOfBatch(batch, {
      cwd: world.cwd,
      ...(jobFile !== undefined && { jobFile: String(jobFile) }),
    })
    const source = await sourceOfBatch(loaded.innards.definition, batch)
    return runToEnd(call, { loaded, source, store, options: { resume: batchId }, unpause: true })
  })
