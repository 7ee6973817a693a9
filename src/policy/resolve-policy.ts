import { type Disposition, dispositions, type ErrorType, errorTypes } from '../model/classification.ts'
import { type Policy, type Verdict, verdicts } from '../model/policy.ts'
import { readFields, readName } from './check-options.ts'
import { defaultRule, type ResolvedRule, readRule } from './retry-rule.ts'

export type { ResolvedRule } from './retry-rule.ts'

/** A key of a policy. */
export type PolicyKey = Disposition | ErrorType

/** What a policy says about one kind of failure. */
export interface Applied {
  readonly verdict: Verdict
  /** How to retry; the defaults if the verdict is no retry. */
  readonly rule: ResolvedRule
  /** Key that gave `attempts`, else the disposition: failures count under it. */
  readonly countKey: PolicyKey
  /** Where the verdict comes from: `policy.validation`, `the default for permanent`. */
  readonly from: string
  /** What happens when retrying has ended: what the disposition would say without the retries. Never `retry`. */
  readonly afterwards: Exclude<Verdict, 'retry'>
  /** Key that gave each field of the rule; the others are defaults. */
  readonly given: { readonly [Field in keyof ResolvedRule]?: PolicyKey }
}

/** A policy, checked and merged for every kind of failure. */
export interface ResolvedPolicy {
  apply(classification: { readonly type: ErrorType; readonly disposition: Disposition }): Applied
}

type Fields = Partial<ResolvedRule>
type Entry = { readonly verdict: Verdict } | { readonly fields: Fields }
type Entries = { readonly [Key in PolicyKey]?: Entry }

const defaultVerdicts: Record<Disposition, Verdict> = {
  transient: 'retry',
  recoverable: 'retry',
  permanent: 'quarantine',
  fatal: 'stop',
}

/**
 * Merges a policy field by field, type over disposition, over the defaults (transient and recoverable are retried,
 * permanent is quarantined, fatal stops). A rule under a disposition makes it retry; a rule under a type does so if it
 * gives `attempts`, else it only shapes the retries that the disposition allows. A verdict under the type wins over all.
 * Throws RD-1101 for a bad value and RD-1102 for an unknown key or field, with the path: `policy.transient.base`.
 */
export function resolvePolicy(policy: Policy | undefined): ResolvedPolicy {
  const entries = readEntries(policy)
  // Merged when first asked for: most policies meet few kinds of failures, and `retry` alone resolves one per call.
  const merged = new Map<string, Applied>()
  const apply: ResolvedPolicy['apply'] = ({ type, disposition }) => {
    if (!isKnown(type, disposition)) return apply({ type: 'unknown', disposition: 'recoverable' })
    const kind = `${disposition}/${type}`
    const known = merged.get(kind)
    if (known) return known
    const applied = merge(entries, disposition, type)
    merged.set(kind, applied)
    return applied
  }
  return { apply }
}

/** Words of another version of redrive must not break a decision. */
function isKnown(type: ErrorType, disposition: Disposition): boolean {
  return errorTypes.includes(type) && dispositions.includes(disposition)
}

function readEntries(policy: Policy | undefined): Entries {
  const entries: { -readonly [Key in PolicyKey]?: Entry } = {}
  if (policy === undefined) return entries
  for (const [key, value] of readFields(policy, 'policy', [...dispositions, ...errorTypes])) {
    const path = `policy.${key}`
    entries[key as PolicyKey] =
      typeof value === 'string' ? { verdict: readName(value, path, verdicts) } : { fields: readRule(value, path) }
  }
  return entries
}

function merge(entries: Entries, disposition: Disposition, type: ErrorType): Applied {
  const general = entries[disposition]
  const special = entries[type]
  const generalFields = fieldsOf(general)
  const specialFields = fieldsOf(special)
  const given: { -readonly [Field in keyof ResolvedRule]?: PolicyKey } = {}
  for (const field of Object.keys(generalFields)) given[field as keyof ResolvedRule] = disposition
  for (const field of Object.keys(specialFields)) given[field as keyof ResolvedRule] = type
  return {
    ...verdictOf(entries, disposition, type),
    rule: { ...defaultRule, ...generalFields, ...specialFields },
    countKey: given.attempts ?? disposition,
    afterwards: afterwardsOf(general, disposition),
    given,
  }
}

function fieldsOf(entry: Entry | undefined): Fields {
  return entry && 'fields' in entry ? entry.fields : {}
}

function verdictOf(entries: Entries, disposition: Disposition, type: ErrorType): Pick<Applied, 'verdict' | 'from'> {
  const special = entries[type]
  if (special && 'verdict' in special) return { verdict: special.verdict, from: `policy.${type}` }
  if (special?.fields.attempts !== undefined) return { verdict: 'retry', from: `policy.${type}` }
  const general = entries[disposition]
  if (!general) return { verdict: defaultVerdicts[disposition], from: `the default for ${disposition}` }
  return { verdict: 'verdict' in general ? general.verdict : 'retry', from: `policy.${disposition}` }
}

/** Retries laid before a fatal failure must not turn the stop into a quarantine, nor those before a skip. */
function afterwardsOf(general: Entry | undefined, disposition: Disposition): Applied['afterwards'] {
  const verdict = general && 'verdict' in general ? general.verdict : defaultVerdicts[disposition]
  return verdict === 'retry' ? (disposition === 'fatal' ? 'stop' : 'quarantine') : verdict
}
