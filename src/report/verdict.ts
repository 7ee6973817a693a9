import { formatCount, plural } from './figures.ts'
import type { Report } from './report.ts'

/** What happened, how much was recovered, what needs a person now: sentences, most important first. */
export function verdict(report: Report): readonly string[] {
  const sentences = [outcome(report), recovery(report)]
  const need = needed(report)
  return need === undefined ? sentences : [...sentences, need]
}

function outcome({ state, counts, stopReason }: Report): string {
  const because = stopReason ? `: ${stopReason}` : ''
  const open = counts.pending + counts.running + counts.waiting + counts.held
  const left = open > 0 ? `, ${plural(open, 'item')} left open` : ''
  switch (state) {
    case 'completed':
      return `Completed: ${plural(counts.read, 'item')}, nothing in quarantine.`
    case 'completed_with_failures':
      return `Finished: ${plural(counts.read, 'item')}, ${formatCount(counts.quarantined)} in quarantine.`
    case 'stopped':
      return `Stopped${because}${left}. It can be resumed.`
    case 'paused':
      return `Paused${because}${left}. It waits to be resumed.`
    case 'interrupted':
      return `Interrupted${left}: no living process runs it. What was done is kept; it can be resumed.`
    case 'cancelled':
      return `Cancelled for good${because}, ${plural(counts.cancelled, 'item')} not done.`
    case 'running':
      return `Running: ${plural(counts.read, 'item')} read so far${left}.`
    case 'rolling_back':
      return `Rolling back: ${plural(counts.compensating, 'item')} to undo.`
    case 'rolled_back':
      return `Rolled back: ${plural(counts.compensated, 'item')} undone.`
  }
}

function recovery({ counts, recovered }: Report): string {
  const skipped = counts.skipped > 0 ? `, ${formatCount(counts.skipped)} skipped` : ''
  const discarded = counts.discarded > 0 ? `, ${formatCount(counts.discarded)} discarded` : ''
  const saved = recovered > 0 ? ` (${formatCount(recovered)} of them recovered after a failed attempt)` : ''
  return `${formatCount(counts.succeeded)} succeeded${saved}${skipped}${discarded}.`
}

function needed({ counts, groups, state }: Report): string | undefined {
  const failedUndo =
    counts.compensation_failed > 0 ? `${plural(counts.compensation_failed, 'undo')} failed; look at each. ` : ''
  if (counts.quarantined === 0) {
    if (failedUndo) return failedUndo.trim()
    return state === 'completed' ? 'Nothing needs a person.' : undefined
  }
  const causes = groups.filter((group) => group.count > 0).length
  const of = causes > 0 ? ` of ${plural(causes, 'cause')}` : ''
  return `${failedUndo}A person must look at ${plural(counts.quarantined, 'dead letter')}${of}.`
}

/** The one or two commands that come next. */
export function nextCommands({ state, batchId, counts, groups }: Report): readonly string[] {
  const look = counts.quarantined > 0 ? `redrive quarantine list --where batch:${batchId}` : undefined
  const resume = `redrive batch resume ${batchId}`
  const largest = groups[0]
  const redrive =
    largest && counts.quarantined > 0
      ? `redrive quarantine retry --where "batch:${batchId} group:${largest.id}"`
      : undefined
  const wanted: Record<Report['state'], readonly (string | undefined)[]> = {
    completed: [`redrive report ${batchId} --format md`],
    completed_with_failures: [look, redrive],
    stopped: [redrive ?? look, resume],
    paused: [resume, look],
    interrupted: [resume, look],
    cancelled: [`redrive items ${batchId} --where state:cancelled`, look],
    running: [`redrive batch watch ${batchId}`, look],
    rolling_back: [`redrive batch watch ${batchId}`],
    rolled_back: [`redrive items ${batchId}`],
  }
  return wanted[state].filter((command) => command !== undefined)
}
