import { userInfo } from 'node:os'
import type { World } from './world.ts'

/** Who acts, for the record: the name of the account. */
export function actorOf({ env }: Pick<World, 'env'>): string {
  const named = env['USER'] || env['LOGNAME'] || env['USERNAME']
  if (named) return named.slice(0, 100)
  try {
    return userInfo().username
  } catch {
    // No entry for the user id, as in many containers.
    return 'unknown'
  }
}
