import type { CheckedJob } from '../job/checked-job.ts'
import { parsePath } from '../model/paths.ts'
import { maskPaths } from '../redact/mask-paths.ts'
import { redactText } from '../redact/redact-text.ts'
import type { Entry, Shaped, SourceAdapter } from '../source/source.ts'

/** What a look at the first rows of a source found. */
export interface DryRun {
  /** Rows looked at. */
  readonly read: number
  /** Rows that the handler would get. */
  readonly accepted: number
  /** Rows that can't be parsed. */
  readonly unreadable: number
  /** Rows that the schema or the key refuses. */
  readonly refused: number
  /** The source has no more rows than these. */
  readonly ended: boolean
  /** The first of the bad rows, at most 20. */
  readonly problems: readonly DryRunProblem[]
}

/** Why a row would not run. Redacted. */
export interface DryRunProblem {
  readonly position: number
  readonly line?: number
  readonly key?: string
  readonly code?: string
  readonly message: string
}

const problemsMax = 20

/** Reads and shapes the first rows. No ledger is opened, and the handler is never called. */
export async function dryRun({
  job,
  source,
  rows,
}: {
  job: CheckedJob
  source: SourceAdapter
  rows: number
}): Promise<DryRun> {
  const sums = { read: 0, accepted: 0, unreadable: 0, refused: 0 }
  const problems: DryRunProblem[] = []
  const reader = await source.open(await source.identify())
  try {
    for (;;) {
      const chunk = await reader.next()
      if (!chunk) return { ...sums, ended: true, problems }
      for (const entry of chunk.entries) {
        if (sums.read === rows) return { ...sums, ended: false, problems }
        sums.read++
        const problem = await look(entry, source)
        if (!problem) sums.accepted++
        else {
          sums[entry.unreadable ? 'unreadable' : 'refused']++
          if (problems.length < problemsMax) problems.push(shown(entry, problem, job))
        }
      }
    }
  } finally {
    await reader.close()
  }
}

interface Problem {
  readonly error: unknown
  readonly key?: string
}

async function look(entry: Entry, source: SourceAdapter): Promise<Problem | undefined> {
  if (entry.unreadable) return { error: entry.unreadable.error }
  const shaped: Shaped | undefined = await source.shape?.(entry.payload)
  if (!shaped || !('refused' in shaped)) return undefined
  return { error: shaped.refused, ...(shaped.key !== undefined && { key: shaped.key }) }
}

function shown(entry: Entry, { error, key }: Problem, job: CheckedJob): DryRunProblem {
  const paths = job.secret.map((text) => parsePath(text)).flatMap((parsed) => (parsed.ok ? [parsed.path] : []))
  const { secrets } = maskPaths(entry.payload, paths)
  const { message, code } = error as { message?: unknown; code?: unknown }
  return {
    position: entry.position,
    ...(entry.line !== undefined && { line: entry.line }),
    ...(key !== undefined && { key: redactText(key, secrets) }),
    ...(typeof code === 'string' && { code }),
    message: redactText(String(message), secrets).slice(0, 500),
  }
}
