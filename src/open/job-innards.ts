import type { CheckedJob } from '../job/checked-job.ts'
import type { JobDefinition } from '../job/definition.ts'

/** What redrive itself needs of a job, under a symbol that another copy of the package knows too. */
export const innards = Symbol.for('redrive.job')
export interface JobInnards {
  readonly definition: JobDefinition<any, any, string>
  checked(): CheckedJob
}

/** The innards of a job; undefined if the value is none. */
export function jobInnards(value: unknown): JobInnards | undefined {
  return typeof value === 'object' && value !== null ? (value as { [innards]?: JobInnards })[innards] : undefined
}
