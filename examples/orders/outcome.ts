import { isDeepStrictEqual } from 'node:util'
import type { OrdersRun, ServiceStats } from './run-orders.ts'

/**
 * What is not as documented; empty when all is: exit code 3, each valid order accepted exactly once, each repeated one skipped,
 * and in quarantine the malformed rows alone, with their lines and their text.
 */
export function findProblems(run: OrdersRun, stats: ServiceStats): string[] {
  const { made, report, letters } = run
  const expected = {
    'exit code': 3,
    state: 'completed_with_failures',
    read: made.rows,
    succeeded: made.valid.length,
    skipped: made.duplicates.length,
    quarantined: made.malformed.length,
    'in any other state': 0,
    'rows in quarantine': made.malformed.map(({ line, raw }) => ({ line, raw })),
    'kinds of errors in quarantine': ['parsing, permanent'],
    'orders that the service did not accept': [],
    'orders that the service accepted more than once': [],
    'orders accepted that are not valid': [],
  }
  const { read, succeeded, skipped, quarantined, ...others } = report.counts
  const times = (id: string) => stats.accepted[id] ?? 0
  const valid = new Set(made.valid)
  const found: { [Name in keyof typeof expected]: unknown } = {
    'exit code': run.exitCode,
    state: report.state,
    read,
    succeeded,
    skipped,
    quarantined,
    'in any other state': Object.values(others).reduce((sum, count) => sum + count, 0),
    'rows in quarantine': letters.map(({ line, raw }) => ({ line, raw })),
    'kinds of errors in quarantine': [
      ...new Set(letters.map(({ classification: { type, disposition } }) => `${type}, ${disposition}`)),
    ],
    'orders that the service did not accept': made.valid.filter((id) => times(id) === 0),
    'orders that the service accepted more than once': Object.keys(stats.accepted).filter((id) => times(id) > 1),
    'orders accepted that are not valid': Object.keys(stats.accepted).filter((id) => !valid.has(id)),
  }
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const got = found[name as keyof typeof expected]
    return isDeepStrictEqual(got, wanted) ? [] : [`${name}: ${shown(got)}, expected ${shown(wanted)}`]
  })
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
