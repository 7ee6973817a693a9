import type { Attempt } from '../attempt/attempt.ts'
import type { CheckedJob } from '../job/checked-job.ts'
import type { Clock } from '../model/clock.ts'
import type { Cells } from '../store/cells.ts'
import { loadBreakers, writeBreaker } from './breaker-cells.ts'
import { createDependency, type Dependency } from './dependency.ts'

export interface DependenciesOptions {
  readonly job: CheckedJob
  readonly cells: Cells
  readonly clock: Clock
  readonly pauseClock: (attempt: Attempt) => () => void
  /** A breaker changed; `message` is for people. */
  readonly onChange: (name: string, message: string) => void
  readonly onError: (error: unknown) => void
}

/** The dependencies of a job, their breakers as the last run left them. A change of a breaker is written at once. */
export async function openDependencies(options: DependenciesOptions): Promise<ReadonlyMap<string, Dependency>> {
  const { job, cells, clock } = options
  const live = new Map<string, Dependency>()
  if (job.dependencies.size === 0) return live
  const kept = await loadBreakers(cells, job.name)
  let writing: Promise<void> = Promise.resolve()
  for (const checked of job.dependencies.values()) {
    const world = {
      clock,
      rules: job.rules,
      pauseClock: options.pauseClock,
      onChange: (
        dependency: Dependency,
        change: { readonly from: string; readonly to: string; readonly why: string },
      ) => {
        options.onChange(dependency.name, `${dependency.name}: ${change.from} → ${change.to}: ${change.why}`)
        writing = writing.then(() => writeBreaker(cells, job.name, dependency, clock.wallMs())).catch(options.onError)
      },
    }
    live.set(checked.name, createDependency(checked, world, kept.get(checked.name)))
  }
  return live
}
