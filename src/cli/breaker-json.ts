import type { Cell } from '../store/cells.ts'
import { isoTime } from './moments.ts'

/** Keys of breakers begin so; `breaker/JOB/NAME`. */
export const breakerPrefix = 'breaker/'

/** A breaker as JSON. */
export interface BreakerJson {
  readonly job: string
  readonly name: string
  readonly phase: string
  readonly openUntil?: string
  readonly why?: string
  readonly epoch?: number
}

/** A cell is written by another version or by hand at times: what can't be read is shown as such. */
export function breakerJson({ key, value }: Cell): BreakerJson {
  const [job = '', ...name] = key.slice(breakerPrefix.length).split('/')
  const head = { job, name: name.join('/') }
  let snapshot: { phase?: unknown; openUntilWallMs?: unknown; why?: unknown; epoch?: unknown } | null
  try {
    snapshot = JSON.parse(value)
  } catch {
    return { ...head, phase: 'unreadable' }
  }
  const { phase, openUntilWallMs, why, epoch } = snapshot ?? {}
  const until =
    typeof openUntilWallMs === 'number' && Math.abs(openUntilWallMs) < 8.64e15
      ? { openUntil: isoTime(openUntilWallMs) }
      : {}
  return {
    ...head,
    phase: typeof phase === 'string' ? phase : 'unreadable',
    ...until,
    ...(typeof why === 'string' ? { why } : {}),
    ...(typeof epoch === 'number' ? { epoch } : {}),
  }
}
