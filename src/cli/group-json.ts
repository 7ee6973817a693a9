import type { ErrorGroup } from '../store/letters.ts'
import { isoTime } from './moments.ts'

/** An error group as JSON; `count` are its dead letters in quarantine, `failures` all failed attempts. */
export interface GroupJson {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly disposition: string
  readonly count: number
  readonly failures: number
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  readonly fingerprint: string
}

export function groupJson({
  id,
  title,
  type,
  disposition,
  letters,
  failures,
  firstSeenAtMs,
  lastSeenAtMs,
  fingerprint,
}: ErrorGroup): GroupJson {
  return {
    id,
    title,
    type,
    disposition,
    count: letters,
    failures,
    firstSeenAt: isoTime(firstSeenAtMs),
    lastSeenAt: isoTime(lastSeenAtMs),
    fingerprint,
  }
}
