import { RedriveError } from '../../model/redrive-error.ts'
import type { RetriedLetters } from '../../open/retry-letters.ts'
import { formatCount, plural } from '../../report/figures.ts'
import { terminalText } from '../../report/terminal-text.ts'
import type { BatchRun } from '../../runner/run.ts'
import type { Store } from '../../store/store.ts'
import { withLedger } from '../act-ledger.ts'
import { actorOf } from '../actor.ts'
import type { Call, Command } from '../command.ts'
import { commandAgain } from '../command-again.ts'
import { confirm } from '../confirm.ts'
import { followRun } from '../follow-run.ts'
import { listenForStop } from '../interruption.ts'
import { type SelectedLetters, selectLetters } from '../select-letters.ts'

/** Above so many, the number is to be typed. */
const typedFrom = 100
/** Left-out letters that are listed for people; JSON has all. */
const leftOutShown = 10

/** `redrive quarantine retry SEL`: runs dead letters again and waits. Exits 0, or 3 if any is quarantined again. */
export const quarantineRetry: Command = (call) =>
  withLedger(call, async (store) => {
    // Those under a redrive too: one that was interrupted goes on.
    const selected = await selectLetters(call, store, ['quarantined', 'redriving'])
    const count = selected.ids.length
    if (count === 0) {
      await print(call, {
        operationId: undefined,
        taken: 0,
        succeeded: 0,
        skipped: 0,
        quarantined: 0,
        pending: 0,
        leftOut: [],
      })
      return 0
    }
    if (!selected.byIds) {
      await confirm(call, {
        name: 'quarantine retry',
        act: `Retry ${plural(count, 'dead letter')} of ${selected.jobs.join(', ')}`,
        ...(count >= typedFrom && { type: String(count) }),
        again: ['--yes', '--expect', String(count)],
      })
    }
    const { result, exitCode } = await retry(call, store, selected)
    await print(call, result)
    return exitCode ?? exitCodeOf(result)
  })

type Result = Omit<RetriedLetters, 'operationId'> & { readonly operationId: string | undefined }

async function retry(
  call: Call,
  store: Store,
  selected: SelectedLetters,
): Promise<{ result: Result; exitCode?: number }> {
  const { world, own, talk } = call
  const { retryLetters } = await import('../../open/retry-letters.ts')
  const stopping = new AbortController()
  const resume = commandAgain('quarantine retry', { args: selected.ids.slice(0, 20), own: withoutQuery(own) })
  let exitCode: number | undefined
  // Runs follow one after the other, a batch each; a signal between two ends what would come.
  const waiting = listenForStop(world, () => stopping.abort())
  const follow = async (run: BatchRun) => {
    if (stopping.signal.aborted) void run.interrupt()
    const record = (await store.runs.get(run.id))!
    const shown = { job: record.job, startedAtMs: world.nowMs() }
    await followRun(call, { run, shown, done: run.done, resume, onStop: () => stopping.abort() }).catch(() => {}) // retryLetters rejects with the same
  }
  try {
    const result = await retryLetters({
      store,
      letterIds: selected.ids,
      selection: selected.selection,
      actor: actorOf(world),
      cwd: world.cwd,
      signal: stopping.signal,
      ...(own['reason'] !== undefined && { reason: String(own['reason']) }),
      ...(own['job'] !== undefined && { jobFile: String(own['job']) }),
      onRun: (run) => void follow(run),
    })
    if (waiting.signal) {
      exitCode = waiting.exitCode
      if (result.pending > 0)
        await talk.say(`Interrupted: ${plural(result.pending, 'dead letter')} not done. To go on: ${resume}`)
    }
    return { result, ...(exitCode !== undefined && result.pending > 0 && { exitCode }) }
  } finally {
    waiting.stop()
  }
}

/** The ids stand for the query: what it chose must not widen. */
function withoutQuery({ where: _where, since: _since, expect: _expect, ...own }: Call['own']): Call['own'] {
  return own
}

function exitCodeOf(result: Result): number {
  if (result.quarantined > 0) return 3
  return result.pending > 0 ? 4 : 0
}

async function print({ output, talk }: Call, result: Result): Promise<void> {
  const { operationId, taken, succeeded, skipped, quarantined, pending, leftOut, stopReason } = result
  const data = {
    schema: 1,
    operationId: operationId ?? null,
    taken,
    succeeded,
    skipped,
    quarantined,
    pending,
    leftOut: leftOut.map(({ letterId, why }) => ({ id: letterId, why })),
    ...(stopReason !== undefined && { stopReason }),
  }
  await output.page(data, { text: () => textOf(result) })
  if (taken === 0 && leftOut.length > 0) {
    throw new RedriveError('RD-1602', {
      what:
        leftOut.length === 1
          ? `Dead letter ${leftOut[0]!.letterId} can't be redriven: ${leftOut[0]!.why}.`
          : `None of the ${formatCount(leftOut.length)} dead letters can be redriven.`,
      fix: `Look at it: redrive quarantine show ${leftOut[0]!.letterId}`,
    })
  }
  if (quarantined > 0 || leftOut.length > 0) await talk.next('redrive errors list', 'redrive quarantine list')
}

function textOf({ operationId, taken, succeeded, skipped, quarantined, pending, leftOut, stopReason }: Result): string {
  if (operationId === undefined) return 'No dead letter matches: nothing was done.\n'
  const parts = [`${formatCount(succeeded)} succeeded`]
  if (skipped > 0) parts.push(`${formatCount(skipped)} skipped`)
  parts.push(`${formatCount(quarantined)} in quarantine again`)
  if (pending > 0) parts.push(`${formatCount(pending)} not done`)
  const lines = [`${plural(taken, 'dead letter')} redriven in ${operationId}: ${parts.join(', ')}.`]
  if (stopReason !== undefined) lines.push(`Stopped: ${terminalText(stopReason)}`)
  if (leftOut.length > 0) lines.push(`${formatCount(leftOut.length)} left out:`)
  for (const { letterId, why } of leftOut.slice(0, leftOutShown)) lines.push(`  ${letterId}: ${terminalText(why)}`)
  if (leftOut.length > leftOutShown)
    lines.push(`  and ${formatCount(leftOut.length - leftOutShown)} more; --json has all`)
  return `${lines.join('\n')}\n`
}
