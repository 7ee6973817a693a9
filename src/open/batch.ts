import type { BatchEvent } from '../model/event.ts'
import type { Report } from '../model/report.ts'

/** A batch in motion. */
export interface Batch extends AsyncDisposable {
  readonly id: string
  /** Rejects for redrive's own errors only, never for items. */
  readonly done: Promise<Report>
  readonly events: AsyncIterable<BatchEvent>
  pause(): Promise<void>
  resume(): Promise<void>
  /** For good. `drain` (default false) finishes the items in flight first. */
  cancel(options?: { drain?: boolean }): Promise<void>
}
