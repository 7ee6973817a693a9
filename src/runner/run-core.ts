import type { Attempt } from '../attempt/attempt.ts'
import { createPositionMap, type PositionMap } from '../model/position-map.ts'
import { createStopLimits } from '../policy/stop-limits.ts'
import type { Checkpoint } from '../store/runs.ts'
import { type Committer, createCommitter } from './committer.ts'
import type { Dependency } from './dependency.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import { createJudge, type Judge } from './judge.ts'
import { createKeyGuard, type KeyGuard } from './key-guard.ts'
import { createOutcomes, type Outcomes } from './outcomes.ts'
import { createParked, type Parked } from './parked.ts'
import type { Rows } from './rows.ts'
import type { BatchRunOptions } from './run.ts'
import { createSettler, type Settler } from './settle.ts'
import { createLiveCounts, type LiveCounts } from './tally.ts'
import type { Ending } from './verdict.ts'

/** What a run counts, keeps and decides with; made before anything is opened. */
export interface RunCore {
  readonly positions: PositionMap
  readonly counts: LiveCounts
  readonly events: EventStream
  readonly parked: Parked
  readonly keys: KeyGuard | undefined
  readonly committer: Committer
  readonly judge: Judge
  readonly settler: Settler
  readonly outcomes: Outcomes
}

export interface CoreWorld {
  readonly options: BatchRunOptions
  readonly rows: () => Rows
  readonly dependency: (name: string) => Dependency | undefined
  readonly checkpoint: () => Omit<Checkpoint, 'watermark' | 'map'>
  readonly ending: () => Ending | undefined
  readonly stop: (why: string) => void
  readonly onBroken: (error: unknown) => void
}

export function createRunCore(world: CoreWorld): RunCore {
  const { options, rows, dependency } = world
  const { batch, job, clock, store, source, random, epoch } = options
  const positions = createPositionMap(batch.checkpoint.watermark, batch.checkpoint.map)
  const counts = createLiveCounts(batch.checkpoint.tally)
  const events = createEventStream()
  const parked = createParked()
  const keys = job.duplicates === 'run' ? undefined : createKeyGuard(store.runs, batch.id)
  const { checkpoint, onBroken } = world
  const committer = createCommitter({
    ...{ runs: store.runs, batchId: batch.id, epoch, clock, positions, each: job.each },
    ...{ checkpoint, onBroken },
  })
  const judge = createJudge({ job, clock, random, dependency })
  const rowOf = (attempt: Attempt) => rows().rowOf(attempt)
  const settler = createSettler({ job, source, committer, judge, clock, random, rowOf })
  const ending = () => {
    const kind = world.ending()?.kind
    return kind && (kind === 'cancel' ? 'cancel' : 'other')
  }
  const limits = createStopLimits(job.stopWhen)
  const outcomes = createOutcomes({
    ...{ settler, rows, parked, dependency, counts, limits, events, committer, keys, ending },
    stop: world.stop,
  })
  return { positions, counts, events, parked, keys, committer, judge, settler, outcomes }
}
