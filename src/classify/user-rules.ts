import { dispositions, errorTypes, severities } from '../model/classification.ts'
import type { CapturedFailure } from '../model/failure.ts'
import type { Match, Rule, RuleVerdict } from '../model/rule.ts'

/** What the user's rules say together: of each field the first rule that gives it. */
export interface UserVerdict {
  readonly verdict: RuleVerdict
  /** For `why`: `rule 1 of yours ({ code: 'X' })`. */
  readonly fired: readonly string[]
  /** Rules that threw or said nonsense, and how. */
  readonly setAside: readonly string[]
}

const matchCharsMax = 4_096

/** Asks the user's rules in their order. A rule that throws is set aside. */
export function askUserRules(
  failure: CapturedFailure,
  rules: readonly Rule[],
  context: { dependency?: string; stage?: string },
): UserVerdict {
  const verdict: RuleVerdict = {}
  const fired: string[] = []
  const setAside: string[] = []
  for (const [position, rule] of rules.entries()) {
    const title = `your rule ${position + 1}`
    try {
      if (!holds(rule.match, failure, context)) continue
      const used = take(verdict, rule.verdict, (problem) => setAside.push(`${title}: ${problem}`))
      if (used) fired.push(`${title} (${describe(rule.match)})`)
    } catch (error) {
      setAside.push(`${title} threw${Error.isError(error) ? ` ${String(error.message).slice(0, 80)}` : ''}`)
    }
  }
  return { verdict, fired, setAside }
}

function holds(match: Match, failure: CapturedFailure, context: { dependency?: string; stage?: string }): boolean {
  if (match.dependency !== undefined && match.dependency !== context.dependency) return false
  if (match.stage !== undefined && match.stage !== context.stage) return false
  const chain = [failure, ...failure.causes]
  const { code, name, status, message } = match
  if (code !== undefined && !chain.some((one) => one.code === code)) return false
  if (name !== undefined && !chain.some((one) => one.name === name)) return false
  if (status !== undefined && !chain.some((one) => one.status === status)) return false
  if (message !== undefined && !chain.some((one) => isSaid(message, one.message.slice(0, matchCharsMax)))) return false
  return match.when === undefined || match.when(failure) === true
}

/** `search` starts at 0 whatever a global pattern remembers. */
function isSaid(wanted: string | RegExp, message: string): boolean {
  return typeof wanted === 'string' ? message.includes(wanted) : message.search(wanted) >= 0
}

/** Fills what is still open; answers if anything was used. */
function take(verdict: RuleVerdict, given: RuleVerdict, complain: (problem: string) => void): boolean {
  let used = false
  const fill = <Field extends keyof RuleVerdict>(field: Field, isLegal: (value: unknown) => boolean) => {
    const value = given[field]
    if (value === undefined || verdict[field] !== undefined) return
    if (!isLegal(value)) return complain(`${field} ${JSON.stringify(String(value).slice(0, 40))} is none`)
    verdict[field] = value
    used = true
  }
  const oneOf = (words: readonly string[]) => (value: unknown) => typeof value === 'string' && words.includes(value)
  fill('type', oneOf(errorTypes))
  fill('disposition', oneOf(dispositions))
  fill('severity', oneOf(severities))
  fill('recommended', (value) => typeof value === 'string' && value !== '')
  return used
}

function describe(match: Match): string {
  const fields = Object.entries(match).filter(([, value]) => value !== undefined)
  return fields
    .map(([field, value]) => (field === 'when' ? 'when' : `${field} ${String(value).slice(0, 60)}`))
    .join(', ')
}
