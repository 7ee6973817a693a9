import { formatDuration } from '../../model/duration.ts'
import { formatCount } from '../../report/figures.ts'
import type { Command } from '../command.ts'
import { isoTime } from '../moments.ts'
import { section, sheet } from '../sheet.ts'

/** `redrive quarantine stats`: counts of dead letters by state, type, disposition, view and job. */
export const quarantineStats: Command = async ({ output, store, query, world, talk }) => {
  const ledger = await store()
  const { total, byState, byType, byDisposition, byView, byJob, oldestAtMs } = await ledger.letters.stats(query, {
    nowMs: world.nowMs(),
  })
  const data = {
    total,
    byState,
    byType,
    byDisposition,
    byView,
    byJob,
    oldestAt: oldestAtMs === undefined ? null : isoTime(oldestAtMs),
  }
  const by = (head: string, counts: { readonly [name: string]: number }) => {
    const most = Object.entries(counts).sort(([, a], [, b]) => b - a)
    return section(head, sheet(most.map(([name, count]) => [name || '(none)', formatCount(count)])))
  }
  await output.page(data, {
    text: () => {
      const oldest =
        oldestAtMs === undefined ? [] : [`Oldest: ${formatDuration(Math.max(0, world.nowMs() - oldestAtMs))} ago.`]
      const lines = [
        `${formatCount(total)} dead letters.`,
        ...oldest,
        ...by('State', byState),
        ...by('Type', byType),
        ...by('Disposition', byDisposition),
        ...by('View', byView),
        ...by('Job', byJob),
      ]
      return `${lines.join('\n')}\n`
    },
  })
  if (total > 0) await talk.next('redrive errors list', 'redrive quarantine list')
  return 0
}
