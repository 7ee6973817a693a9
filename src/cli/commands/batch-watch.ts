import type { BatchState } from '../../model/batch.ts'
import type { Change } from '../../model/event.ts'
import { type Report, reportJson } from '../../report/report.ts'
import type { BatchRecord } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Call, Command } from '../command.ts'
import { isRun } from '../derived-state.ts'
import { findBatch, reportOf } from '../find-batch.ts'
import { jsonText } from '../json-text.ts'
import { createLivePanel } from '../live-panel.ts'
import { isoTime } from '../moments.ts'
import { printReport } from '../print-report.ts'
import { createRateMeter } from '../rate-meter.ts'
import { doneOf, watchedProgress } from '../watched-progress.ts'

const pollMs = 1_000

/**
 * `redrive batch watch BATCH`: the live panel of a batch of any process, until it ends or nobody works on it; then its
 * report. With `--json` or `--ndjson` each change of the batch is printed as a line, and the report as the last one.
 * Exits as the batch does.
 */
export const batchWatch: Command = async (call) => {
  const { args, store, world, globals, talk } = call
  const ledger = await store()
  const panel = createLivePanel(world, { colours: talk.colours, quiet: globals.quiet })
  const rate = createRateMeter()
  const feed = createFeed(ledger, args[0]!)
  await feed.skip()
  try {
    for (;;) {
      const nowMs = world.nowMs()
      const batch = await findBatch(ledger, args[0]!)
      const report = await reportOf(ledger, batch, nowMs)
      for await (const change of feed.news()) await printChange(call, change)
      if (hasEnded(report.state, batch, nowMs)) {
        await panel.end()
        await printEnd(call, report)
        return report.exitCode
      }
      const breakers = await ledger.cells.list(`breaker/${batch.job}/`)
      await panel.show(
        watchedProgress({
          batch,
          report,
          breakers,
          ratePerS: rate.add(nowMs, doneOf(report)),
          nowMs,
          notices: feed.notices,
        }),
      )
      await world.sleep(pollMs)
    }
  } finally {
    await panel.end()
  }
}

/** A paused batch whose runner lives may go on any time; without one, nothing will move by itself. */
function hasEnded(state: BatchState, batch: BatchRecord, nowMs: number): boolean {
  if (state === 'running' || state === 'rolling_back') return false
  return state !== 'paused' || !isRun(batch, nowMs)
}

/** What changed in one batch since it was last asked. */
function createFeed(ledger: Store, batchId: string) {
  const notices: string[] = []
  let seq = 0
  return {
    /** The last notice at most: that is what the panel shows. */
    notices,
    skip: async () => {
      seq = await ledger.changes.latest()
    },
    news: async function* (): AsyncGenerator<Change> {
      for (;;) {
        const changes = await ledger.changes.since(seq)
        for (const change of changes) {
          seq = change.seq
          if (change.batchId !== batchId) continue
          if (change.event.type === 'notice') notices.splice(0, notices.length, change.event.message)
          yield change
        }
        if (changes.length === 0) return
      }
    },
  }
}

async function printChange({ output, world }: Call, { seq, atMs, batchId, event }: Change): Promise<void> {
  if (output.format === 'json' || output.format === 'ndjson')
    await world.stdout.write(`${jsonText({ seq, at: isoTime(atMs), batchId, ...event })}\n`)
}

async function printEnd(call: Call, report: Report): Promise<void> {
  if (call.output.format === 'json') {
    await call.world.stdout.write(`${jsonText(reportJson(report))}\n`)
    return
  }
  await printReport(call, report)
}
