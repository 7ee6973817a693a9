import type { Classification, Disposition, ErrorType } from '../model/classification.ts'
import { dispositions } from '../model/classification.ts'
import type { CapturedFailure } from '../model/failure.ts'
import type { Rule } from '../model/rule.ts'
import { adviceFor, usualDispositions, usualSeverities } from './advice.ts'
import { evidenceOf, type Witness } from './evidence.ts'
import { weights } from './rules/rule-table.ts'
import { statedCauses } from './stated-causes.ts'
import { type Evidence, excerpt } from './text-evidence.ts'
import { askUserRules, type UserVerdict } from './user-rules.ts'

/** Where an error happened. */
export interface ClassifyContext {
  readonly dependency?: string
  readonly stage?: string
  /** The user's own, asked first. */
  readonly rules?: readonly Rule[]
  /** System that the error is from, when it is known: `postgres`, `node`. */
  readonly sourceSystem?: string
}

interface BuiltInVerdict {
  readonly type: ErrorType
  readonly disposition: Disposition
  readonly severity?: Classification['severity']
  readonly recommended: string
  readonly confidence: number
  readonly by: 'rule' | 'fallback'
  readonly why: string
}

/**
 * What a failure is: by the user's rules, then by the built-in rules over the chain from the innermost stated cause outward,
 * else `unknown`, `recoverable`, with confidence 0.3. Never throws; pure apart from the user's own `when`.
 */
export function classifyFailure(failure: CapturedFailure, context: ClassifyContext = {}): Classification {
  const user = context.rules?.length ? askUserRules(failure, context.rules, context) : undefined
  const said = sayOfHandler(failure) ?? builtInVerdict(failure, context.sourceSystem)
  return merge(failure, user, said)
}

function merge(failure: CapturedFailure, user: UserVerdict | undefined, said: BuiltInVerdict): Classification {
  const setAside = user?.setAside.length ? `; set aside: ${user.setAside.join('; ')}` : ''
  const code = failure.code ?? failure.causes.findLast((cause) => cause.code !== undefined)?.code
  const coded = code === undefined ? {} : { code }
  if (!user || user.fired.length === 0) {
    const { type, disposition, confidence, by, recommended } = said
    const severity = said.severity ?? usualSeverities[disposition]
    return { disposition, type, severity, ...coded, confidence, recommended, by, why: said.why + setAside }
  }
  const given = user.verdict
  const type = given.type ?? said.type
  // The fallback's "recoverable" is no knowledge: a type that the user named has its own usual disposition.
  const isKnown = said.by === 'rule' && type === said.type
  const disposition =
    given.disposition ?? (isKnown ? said.disposition : given.type ? usualDispositions[type] : said.disposition)
  const isWhole = given.type !== undefined && given.disposition !== undefined
  return {
    disposition,
    type,
    severity: given.severity ?? usualSeverities[disposition],
    ...coded,
    confidence: isWhole ? 1 : Math.max(said.confidence, 0.7),
    recommended:
      given.recommended ??
      (isKnown && disposition === said.disposition ? said.recommended : adviceFor(type, disposition)),
    by: 'rule',
    why: user.fired.join(', ') + (isWhole ? '' : `; the rest: ${said.why}`) + setAside,
  }
}

/** What the handler itself said by `ctx.fail(disposition, message)`. */
function sayOfHandler(failure: CapturedFailure): BuiltInVerdict | undefined {
  const link = [failure, ...failure.causes].find((one) => one.name === 'FailError' && one.code === 'FAIL')
  const disposition = dispositions.find((one) => one === link?.details?.['disposition'])
  if (!disposition) return undefined
  const recommended = adviceFor('business', disposition)
  return {
    type: 'business',
    disposition,
    confidence: 1,
    by: 'rule',
    recommended,
    why: 'said by the handler (ctx.fail)',
  }
}

function builtInVerdict(failure: CapturedFailure, sourceSystem: string | undefined): BuiltInVerdict {
  const found = strongest(failure, sourceSystem)
  if (!found || found.evidence.rule.weight <= weights.vague) {
    const why = found
      ? `no rule knows more than ${found.evidence.said} (${found.evidence.rule.id})`
      : 'no rule knows this error'
    return {
      type: 'unknown',
      disposition: 'recoverable',
      confidence: 0.3,
      by: 'fallback',
      recommended: adviceFor('unknown', 'recoverable'),
      why,
    }
  }
  const { rule, said, confidence } = found.evidence
  const why = `rule ${rule.id}: ${said}${found.where}`
  const { type, disposition, recommended } = rule
  return {
    type,
    disposition,
    recommended,
    confidence,
    by: 'rule',
    why,
    ...(rule.severity && { severity: rule.severity }),
  }
}

interface Found {
  readonly evidence: Evidence
  /** For `why`: ` in cause "connect …" (1 level down)`. */
  readonly where: string
}

/** From the innermost cause outward: the first firm evidence ends the search, a class name or a vague word does not. */
function strongest(failure: CapturedFailure, sourceSystem: string | undefined): Found | undefined {
  const chain = [failure, ...failure.causes]
  let top: Found | undefined
  for (let depth = chain.length - 1; depth >= 0; depth--) {
    const link = chain[depth]!
    const found = ofLink({ failure: link, sourceSystem })
    if (!found) continue
    const where =
      depth === 0
        ? found.where
        : ` in cause "${excerpt(link.message)}" (${depth} ${depth === 1 ? 'level' : 'levels'} down)`
    if (!top || found.evidence.rule.weight > top.evidence.rule.weight) top = { evidence: found.evidence, where }
    if (top.evidence.rule.weight > weights.className) break
  }
  return top
}

/** One error: a cause that its text states ("…, caused by: …") before the whole. */
function ofLink(witness: Witness): Found | undefined {
  const whole = evidenceOf(witness)
  if (whole && whole.rule.weight >= weights.quoting) return { evidence: whole, where: '' }
  for (const stated of statedCauses(witness.failure.message)) {
    const failure = { name: stated.name ?? '', message: stated.text }
    const evidence = evidenceOf({ failure, sourceSystem: witness.sourceSystem })
    if (evidence && evidence.rule.weight > weights.className)
      return { evidence, where: `, stated as "${stated.marker}"` }
  }
  return whole && { evidence: whole, where: '' }
}
