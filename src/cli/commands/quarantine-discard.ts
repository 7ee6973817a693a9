import { newId } from '../../model/ids.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import { formatCount, plural } from '../../report/figures.ts'
import { terminalText } from '../../report/terminal-text.ts'
import type { Begun } from '../../store/operations.ts'
import type { Store } from '../../store/store.ts'
import { withLedger } from '../act-ledger.ts'
import { actorOf } from '../actor.ts'
import type { Call, Command } from '../command.ts'
import { confirm } from '../confirm.ts'
import { type SelectedLetters, selectLetters } from '../select-letters.ts'

/**
 * `redrive quarantine discard SEL --reason TEXT`: gives dead letters up; they count no more against their batch. With
 * `--undo` discarded ones are taken back. Exits 0, or 8 if nothing could be done.
 */
export const quarantineDiscard: Command = (call) =>
  withLedger(call, async (store) => {
    const { own } = call
    const undo = own['undo'] === true
    const reason = own['reason'] === undefined ? '' : String(own['reason']).trim()
    if (reason === '' && !undo) {
      throw new RedriveError('RD-1604', {
        what: 'Discarding needs a reason: whoever asks later must find one.',
        fix: "Give --reason 'INC-42: duplicates of yesterday'.",
      })
    }
    const selected = await selectLetters(call, store, undo ? ['discarded'] : ['quarantined'])
    const count = selected.ids.length
    if (count > 0 && !undo) {
      const { jobs } = selected
      await confirm(call, {
        name: 'quarantine discard',
        act: `Discard ${plural(count, 'dead letter')} of ${jobs.join(', ')}`,
        type: jobs.length === 1 ? jobs[0]! : String(count),
        again: ['--yes', '--expect', String(count)],
      })
    }
    const begun = count === 0 ? { taken: [], leftOut: [] } : await act(call, store, selected, { undo, reason })
    await print(call, begun, undo)
    return 0
  })

type Act = Begun & { readonly operationId?: string }

async function act(
  { world }: Call,
  store: Store,
  selected: SelectedLetters,
  { undo, reason }: { undo: boolean; reason: string },
): Promise<Act> {
  const nowMs = world.nowMs()
  const operation = {
    id: newId('o', nowMs, Math.random),
    kind: undo ? 'undiscard' : 'discard',
    actor: actorOf(world),
    selection: selected.selection,
    state: 'running',
    createdAtMs: nowMs,
    ...(reason !== '' && { reason }),
  } as const
  const begun = await store.operations[undo ? 'undiscard' : 'discard'](operation, selected.ids)
  for (const batchId of new Set(begun.taken.map((letter) => letter.batchId))) await store.runs.settle(batchId, nowMs)
  return { ...begun, operationId: operation.id }
}

async function print({ output, talk }: Call, { operationId, taken, leftOut }: Act, undo: boolean): Promise<void> {
  const done = undo ? { restored: taken.length } : { discarded: taken.length }
  const data = {
    schema: 1,
    operationId: operationId ?? null,
    taken: taken.length,
    ...done,
    leftOut: leftOut.map(({ letterId, why }) => ({ id: letterId, why })),
  }
  await output.page(data, {
    text: () => {
      if (operationId === undefined) return 'No dead letter matches: nothing was done.\n'
      const said = `${plural(taken.length, 'dead letter')} ${undo ? 'back in quarantine' : 'discarded'} by ${operationId}.`
      const why =
        leftOut.length === 0
          ? []
          : [
              `${formatCount(leftOut.length)} left out:`,
              ...leftOut.slice(0, 10).map(({ letterId, why }) => `  ${letterId}: ${terminalText(why)}`),
            ]
      return `${[said, ...why].join('\n')}\n`
    },
  })
  if (taken.length === 0 && leftOut.length > 0) {
    throw new RedriveError('RD-1602', {
      what: `Nothing was ${undo ? 'taken back' : 'discarded'}: ${leftOut[0]!.letterId}, for one, is left out, since ${leftOut[0]!.why}.`,
      fix: `Look at it: redrive quarantine show ${leftOut[0]!.letterId}`,
    })
  }
  const first = taken[0]
  if (first && !undo)
    await talk.next(
      `redrive quarantine discard --undo ${taken.length === 1 ? first.letterId : `--where batch:${first.batchId}`}`,
      `redrive batch show ${first.batchId}`,
    )
}
