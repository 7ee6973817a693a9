import type { ErrorType } from '../model/classification.ts'

/**
 * Whether a failed call says that the dependency is down. Only network, timeout and dependency errors do: with any other
 * it has answered, or was never reached for a reason of the caller's own.
 */
export function countsForBreaker(type: ErrorType): 'failure' | 'ignored' {
  return type === 'network' || type === 'timeout' || type === 'dependency' ? 'failure' : 'ignored'
}
