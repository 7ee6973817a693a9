import type { BatchEvent } from '../model/event.ts'
import type { GroupFailures, ItemWrite, KeptSuccess } from '../store/runs.ts'
import type { SeriesPoint } from '../store/series.ts'

/** Outcomes that will be committed together. */
export class Group {
  size = 0
  succeeded = 0
  readonly items: ItemWrite[] = []
  readonly successes: KeptSuccess[] = []
  readonly spool: { readonly position: number; readonly body: string }[] = []
  readonly notices: Extract<BatchEvent, { type: 'notice' }>[] = []
  readonly failures = new Map<string, GroupFailures>()
  readonly series = new Map<string, SeriesPoint>()
  readonly after: (() => void)[] = []

  fail(failure: GroupFailures): void {
    const known = this.failures.get(failure.group)
    this.failures.set(failure.group, known ? { ...known, count: known.count + failure.count } : failure)
  }

  /** Adds to the 10-second bucket that the moment lies in. */
  count(dependency: string, outcome: SeriesPoint['outcome'], nowMs: number, count: number): void {
    const bucketMs = Math.floor(nowMs / 10_000) * 10_000
    const key = `${bucketMs} ${outcome} ${dependency}`
    this.series.set(key, { bucketMs, dependency, outcome, count: (this.series.get(key)?.count ?? 0) + count })
  }
}
