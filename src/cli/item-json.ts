import type { ItemLine } from '../store/runs.ts'
import { isoTime } from './moments.ts'
import { payloadJson } from './payload-json.ts'

/** A line of `redrive items` as JSON. */
export interface ItemJson {
  readonly batchId: string
  readonly position?: number
  readonly positions?: readonly [number, number]
  readonly key?: string
  readonly state: string
  readonly attempts?: number
  readonly generation?: number
  readonly group?: string
  readonly type?: string
  readonly disposition?: string
  readonly stage?: string
  readonly dependency?: string
  readonly dueAt?: string
  readonly letterId?: string
  readonly result?: unknown
  readonly updatedAt?: string
}

export function itemJson(batchId: string, line: ItemLine): ItemJson {
  if ('positions' in line) return { batchId, positions: line.positions, state: line.state }
  const { position, key, state, progress, group, type, disposition, stage, dependency, dueAtMs, letterId, result } =
    line
  return {
    batchId,
    position,
    key,
    state,
    attempts: progress.attempts,
    generation: progress.generation,
    ...(group === undefined ? {} : { group }),
    ...(type === undefined ? {} : { type }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(stage ? { stage } : {}),
    ...(dependency === undefined ? {} : { dependency }),
    ...(dueAtMs === undefined ? {} : { dueAt: isoTime(dueAtMs) }),
    ...(letterId === undefined ? {} : { letterId }),
    ...(result === undefined ? {} : { result: payloadJson({ body: result }) }),
    updatedAt: isoTime(line.updatedAtMs),
  }
}
