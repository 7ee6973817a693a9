import type { BreakerSnapshot } from '../policy/breaker.ts'
import type { Cells } from '../store/cells.ts'
import type { Dependency } from './dependency.ts'

/** A closed breaker's cell is kept so long, for people to see. */
const KEEP_CLOSED_MS = 3_600_000

const keyOf = (job: string, name: string) => `breaker/${job}/${name}`

/** Breakers of a job's dependencies as the last run left them. */
export async function loadBreakers(cells: Cells, job: string): Promise<Map<string, BreakerSnapshot>> {
  const prefix = keyOf(job, '')
  const kept = new Map<string, BreakerSnapshot>()
  for (const cell of await cells.list(prefix))
    kept.set(cell.key.slice(prefix.length), JSON.parse(cell.value) as BreakerSnapshot)
  return kept
}

/** Writes a breaker's state; when another run of the job wrote meanwhile, over it: the newer observation counts. */
export async function writeBreaker(
  cells: Cells,
  job: string,
  dependency: Dependency,
  nowWallMs: number,
): Promise<void> {
  const snapshot = dependency.snapshot()
  if (!snapshot) return
  const key = keyOf(job, dependency.name)
  const value = JSON.stringify({ ...snapshot, held: dependency.held.size })
  for (let tries = 0; tries < 5; tries++) {
    const known = await cells.get(key)
    const expiry = snapshot.phase === 'closed' ? { expiresAtMs: nowWallMs + KEEP_CLOSED_MS } : {}
    if (await cells.put({ key, version: known?.version ?? 0, value, ...expiry })) return
  }
}
