import { type Disposition, dispositions, type ErrorType, errorTypes } from '../model/classification.ts'
import type { StopLimit, StopWhen } from '../model/policy.ts'
import { readFields, readNumber } from './check-options.ts'

/** An item that ended. */
export interface EndedItem {
  /** It was quarantined. */
  readonly failed: boolean
  readonly type?: ErrorType
  readonly disposition?: Disposition
}

/** Watches how items end. */
export interface StopLimits {
  /** Why the batch must stop, if it must; said again at each later failure. */
  note(ended: EndedItem): string | undefined
}

const limitNames = ['failures', 'failureRate', 'over'] as const

/**
 * Limits of failed items: by number, and by share over the last `over` (100) items that ended, not judged before so many
 * have; in all, and per type or disposition beside it. A limit is passed when it is reached. Starts afresh with each run.
 * Throws RD-1101 for a bad value, RD-1102 for an unknown name, with the path: `stopWhen.auth.failures`.
 */
export function createStopLimits(stopWhen: StopWhen | undefined): StopLimits {
  const limits = readLimits(stopWhen)
  /** Afterwards a success can't be what passes a limit. */
  const judgedByMax = Math.max(0, ...limits.map((limit) => (limit.most === undefined ? 0 : limit.over)))
  let endedItems = 0
  return {
    note(ended) {
      endedItems++
      if (!ended.failed && endedItems > judgedByMax) return undefined
      let reason: string | undefined
      for (const limit of limits) {
        const isMeant = limit.kind === undefined || limit.kind === ended.type || limit.kind === ended.disposition
        if (ended.failed && isMeant) limit.add(endedItems)
        reason ??= limit.judge(endedItems, ended.failed && isMeant)
      }
      return reason
    },
  }
}

/** One limit and what counts towards it. */
interface Limit {
  readonly kind: string | undefined
  readonly over: number
  /** So many failures among `over` items pass the share; undefined without a share. */
  readonly most: number | undefined
  add(endedItems: number): void
  judge(endedItems: number, isNew: boolean): string | undefined
}

function readLimits(stopWhen: StopWhen | undefined): Limit[] {
  if (stopWhen === undefined) return []
  const kinds = [...dispositions, ...errorTypes]
  const fields = readFields(stopWhen, 'stopWhen', [...limitNames, ...kinds])
  const own = Object.fromEntries(limitNames.map((name) => [name, fields.get(name)]))
  const limits = [createLimit(readLimit(own, 'stopWhen'), undefined)]
  for (const kind of kinds) {
    const given = fields.get(kind)
    if (given !== undefined) limits.push(createLimit(readLimit(given, `stopWhen.${kind}`), kind))
  }
  return limits
}

function readLimit(given: unknown, path: string): StopLimit {
  const limit: StopLimit = {}
  for (const [name, value] of readFields(given, path, limitNames)) {
    const at = `${path}.${name}`
    if (name === 'failures')
      limit.failures = readNumber(value, at, { min: 1, max: Number.MAX_SAFE_INTEGER, isWhole: true })
    if (name === 'failureRate') limit.failureRate = readNumber(value, at, { min: 0, max: 1 })
    if (name === 'over') limit.over = readNumber(value, at, { min: 1, max: 1_000_000, isWhole: true })
  }
  return limit
}

function createLimit({ failures, failureRate, over = 100 }: StopLimit, kind: string | undefined): Limit {
  // The share is passed when the most-th last failure is among the last `over` items: only those need remembering.
  const most = failureRate === undefined ? undefined : Math.max(1, Math.ceil(failureRate * over - 1e-9))
  const failedAt = new Float64Array(most ?? 0)
  const path = kind === undefined ? 'stopWhen' : `stopWhen.${kind}`
  const what = kind === undefined ? '' : ` with ${kind}`
  let failed = 0

  const judgeShare = (endedItems: number): string | undefined => {
    if (most === undefined || failed < most || endedItems < over) return undefined
    if (failedAt[failed % most]! <= endedItems - over) return undefined
    return `at least ${most} of the last ${over} items failed${what}: the limit is ${percent(failureRate!)} (${path}.failureRate)`
  }
  return {
    kind,
    over,
    most,
    add(endedItems) {
      if (most !== undefined) failedAt[failed % most] = endedItems
      failed++
    },
    judge(endedItems, isNew) {
      if (isNew && failures !== undefined && failed >= failures) {
        return `${failed} ${failed === 1 ? 'item' : 'items'} failed${what}: the limit is ${failures} (${path}.failures)`
      }
      return isNew || endedItems === over ? judgeShare(endedItems) : undefined
    },
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}
