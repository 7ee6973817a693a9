import type { CapturedFailure } from '../model/failure.ts'
import { type BuiltInRule, type PhraseRule, type RuleIndex, ruleIndex } from './rule-index.ts'
import { weights } from './rules/rule-table.ts'
import { sqliteCodeOf } from './rules/sqlite.ts'

/** A rule that fired, and on what. */
export interface Evidence {
  readonly rule: BuiltInRule
  /** For `why`: `code ECONNREFUSED`, `status 503`, `"deadlock detected"`. */
  readonly said: string
  /** The rule's, less when the text was not the error's own. */
  readonly confidence: number
}

/** What is looked at: one error of a chain. */
export interface Witness {
  readonly failure: Omit<CapturedFailure, 'causes' | 'fingerprint'>
  /** System that the error is from, when it is known: `postgres`, `node`. */
  readonly sourceSystem?: string | undefined
}

/** Letters of a message that are read. */
const matchCharsMax = 4_096
const sqlSources: ReadonlySet<string> = new Set([
  'postgres',
  'postgresql',
  'pg',
  'pgsync',
  'postgrest',
  'citus',
  'cockroachdb',
  'redshift',
  'asyncpg',
  'pgjdbc',
])
/** A word that may be a code: `ECONNRESET`, `SQLITE_BUSY`, `UNAVAILABLE`, `SocketTimeoutException`, `missing_scope`. */
const codeLike =
  /(?<!\w)(?:[A-Z][A-Z0-9]{3,30}(?:_[A-Z0-9]{1,30}){0,8}|[A-Z]{1,3}_[A-Z0-9_]{3,60}|(?:[A-Z][a-z]{1,30}){2,6}|[a-z]{2,20}(?:_[a-z]{2,20}){1,6})(?!\w)/g
/** A status in words around it: `status code 503`, `HTTP 404`, `(502)`, `400 Bad Request` at the start. */
const statusInText =
  /(?:^|\bhttp(?:\/\d(?:\.\d)?)?(?: error)?[ :=(]{1,3}|\bstatus(?:[ _-]?code)?[ :=(]{1,3}(?:of |is )?|\bresponse code |\breturned(?: error:?)? |error(?: code)?[ :#=(]{1,3}|\((?=\d{3}\)))([1-5]\d\d)(?!\d|\.\d|:\d)(?:$|[ ),:;.\]}{"'-])/g
/** Systems whose three-digit replies are not HTTP's. */
const notHttp: ReadonlySet<string> = new Set(['smtp', 'nodemailer', 'ftp', 'rabbitmq', 'amqp'])
const sqlStateInText = /\bsqlstate\W{1,3}([0-9a-z]{5})\b|\(([0-9A-Z]{5})\)|\bcode[=: "]{1,4}([0-9A-Z]{5})\b/i

/** The best evidence that one error gives by itself; undefined if no rule knows it. */
export function evidenceOf(witness: Witness): Evidence | undefined {
  const index = ruleIndex()
  const { failure } = witness
  const found: Evidence[] = []
  const add = (evidence: Evidence | undefined) => {
    if (evidence) found.push(evidence)
  }
  const text = textOf(failure)
  add(issuesEvidence(failure))
  const coded = codeEvidence(witness, index)
  add(coded)
  add(nameEvidence(failure, index))
  const isHttp = !notHttp.has(witness.sourceSystem ?? '')
  if (isHttp && failure.status !== undefined) add(statusEvidence(failure.status, index))
  if (text !== '') {
    add(phraseEvidence(text, index))
    add(codeInText(text, index))
    if (isHttp && failure.status === undefined) add(statusEvidenceOfText(text, index))
  }
  return best(found, coded)
}

/** Message, and the server's answer where a client keeps it apart. */
function textOf(failure: Witness['failure']): string {
  const body = failure.details?.['body']
  const text = typeof body === 'string' ? `${failure.message}\n${body}` : failure.message
  const bounded = text.length > matchCharsMax ? text.slice(0, matchCharsMax) : text
  // Colours of a test runner or a CLI would cut words apart.
  return bounded.includes('\x1b[') ? bounded.replace(/\x1b\[[0-9;]{0,16}[A-Za-z]/g, '') : bounded
}

/** The evidence of most weight; a code that says the same is the surer reason. */
function best(found: readonly Evidence[], coded: Evidence | undefined): Evidence | undefined {
  const top = found.reduce<Evidence | undefined>(
    (one, other) => (one && one.rule.weight >= other.rule.weight ? one : other),
    undefined,
  )
  const isSame = coded && top && coded.rule.type === top.rule.type && coded.rule.disposition === top.rule.disposition
  return isSame && coded.confidence >= top.confidence ? coded : top
}

const issuesRule: BuiltInRule = {
  id: 'schema/issues',
  type: 'validation',
  disposition: 'permanent',
  weight: weights.refinement,
  confidence: 0.99,
  recommended: 'Correct the fields that the schema refuses, then retry.',
}

function issuesEvidence(failure: Witness['failure']): Evidence | undefined {
  const issues = failure.details?.['issues']
  return typeof issues === 'string'
    ? { rule: issuesRule, said: `issues "${excerpt(issues)}"`, confidence: issuesRule.confidence }
    : undefined
}

function codeEvidence({ failure, sourceSystem }: Witness, index: RuleIndex): Evidence | undefined {
  const code = failure.code === 'ERR_SQLITE_ERROR' ? sqliteCodeOf(failure.details?.['errcode']) : failure.code
  if (code === undefined) return undefined
  if (/^[0-9A-Z]{5}$/.test(code) && !isErrno(code)) return sqlStateEvidence(code, { failure, sourceSystem }, index)
  const rule = index.codes.get(code)
  if (rule) return { rule, said: `code ${code}`, confidence: rule.confidence }
  // Some clients give the HTTP status as the code.
  if (/^[1-5]\d\d$/.test(code) && failure.status === undefined && !notHttp.has(sourceSystem ?? ''))
    return statusEvidence(Number(code), index)
  return undefined
}

function isErrno(code: string): boolean {
  return code[0] === 'E' && !/\d/.test(code)
}

/** A SQLSTATE, unless the error is said to be of a system that numbers otherwise. */
function sqlStateEvidence(code: string, witness: Witness, index: RuleIndex): Evidence | undefined {
  const { sourceSystem, failure } = witness
  if (sourceSystem !== undefined && !sqlSources.has(sourceSystem)) return undefined
  const rule = index.codes.get(code)
  if (rule) return { rule, said: `SQLSTATE ${code}`, confidence: rule.confidence }
  const isSql =
    sourceSystem !== undefined ||
    failure.details?.['severity'] !== undefined ||
    /^(?:error|DatabaseError|PostgresError)$/.test(failure.name)
  const fallback = isSql ? index.sqlStateClasses.get(code.slice(0, 2)) : undefined
  return fallback && { rule: fallback, said: `class of SQLSTATE ${code}`, confidence: fallback.confidence }
}

function statusEvidence(status: number, index: RuleIndex): Evidence | undefined {
  const rule =
    index.statuses.get(status) ??
    index.statuses.get(status >= 500 && status < 600 ? 500 : status >= 400 && status < 500 ? 400 : 0)
  if (!rule) return undefined
  return { rule, said: `status ${status}`, confidence: rule.confidence }
}

function nameEvidence(failure: Witness['failure'], index: RuleIndex): Evidence | undefined {
  const rule = index.names.get(failure.name) ?? index.names.get(failure.name.slice(failure.name.lastIndexOf('.') + 1))
  return rule && { rule, said: `class ${failure.name}`, confidence: rule.confidence }
}

/** The wording of most weight; between equals the one stated last, since a wrapper comes first; then the order of the tables. */
function phraseEvidence(text: string, index: RuleIndex): Evidence | undefined {
  const lower = text.toLowerCase()
  let top: { rule: PhraseRule; at: number; said: string } | undefined
  for (const rule of candidates(lower, index)) {
    if (top && rule.weight < top.rule.weight) continue
    const match = rule.match.exec(lower)
    if (!match) continue
    if (!top || rule.weight > top.rule.weight || isStatedLater({ rule, at: match.index }, top, lower)) {
      top = { rule, at: match.index, said: text.slice(match.index, match.index + match[0].length) }
    }
  }
  return top && { rule: top.rule, said: `"${excerpt(top.said)}"`, confidence: top.rule.confidence }
}

function candidates(lower: string, index: RuleIndex): Iterable<PhraseRule> {
  const rules = new Set<PhraseRule>()
  for (const word of lower.match(/[a-z0-9_]+/g) ?? []) {
    for (const rule of index.phrases.get(word) ?? []) rules.add(rule)
  }
  return rules
}

function isStatedLater(
  one: { rule: PhraseRule; at: number },
  top: { rule: PhraseRule; at: number },
  text: string,
): boolean {
  const [from, to] = one.at < top.at ? [one.at, top.at] : [top.at, one.at]
  // Two exact wordings of one system are ordered by its table: a parser's message quotes its document.
  const isOneTable = one.rule.system === top.rule.system && one.rule.weight >= weights.refinement
  const isApart = !isOneTable && /: |; |\n|--?> | - /.test(text.slice(from, to))
  return isApart ? one.at > top.at : one.rule.order < top.rule.order
}

/** Codes written into a message: the last one that has a rule is the innermost cause. */
function codeInText(text: string, index: RuleIndex): Evidence | undefined {
  const state = sqlStateInText.exec(text)
  const sqlState = state?.[1] ?? state?.[2] ?? state?.[3]
  const stateRule = sqlState === undefined ? undefined : index.codes.get(sqlState.toUpperCase())
  if (stateRule) return { rule: asPhrase(stateRule), said: `"${sqlState}" in the message`, confidence: 0.9 }
  let last: Evidence | undefined
  for (const word of text.match(codeLike) ?? []) {
    const rule = index.codes.get(word)
    if (rule && (!last || rule.weight >= last.rule.weight))
      last = { rule: asPhrase(rule), said: `"${word}" in the message`, confidence: 0.9 }
  }
  return last
}

/** A code in a text is worth a specific wording, a vague one stays vague. */
function asPhrase(rule: BuiltInRule): BuiltInRule {
  return rule.weight <= weights.genericCode ? rule : { ...rule, weight: weights.phrase }
}

function statusEvidenceOfText(text: string, index: RuleIndex): Evidence | undefined {
  let last: Evidence | undefined
  for (const match of text.toLowerCase().matchAll(statusInText)) {
    if (index.statuses.has(Number(match[1]))) last = statusEvidence(Number(match[1]), index)
  }
  return last && { ...last, said: `${last.said} in the message`, confidence: Math.min(last.confidence, 0.8) }
}

/** A piece of the error's own text for `why`: one line, at most 80 characters. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= 80 ? line : `${line.slice(0, 79).toWellFormed()}…`
}
