/** A time as data: ISO-8601 in UTC. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString()
}

/** A time for people: `2026-11-23 09:00:38Z`; to the second. */
export function shortTime(atMs: number): string {
  return `${isoTime(atMs).slice(0, 19).replace('T', ' ')}Z`
}
