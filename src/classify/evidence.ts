import type { CapturedFailure } from '../model/failure.ts'
import { type BuiltInRule, type RuleIndex, ruleIndex } from './rule-index.ts'
import { weights } from './rules/rule-table.ts'
import { sqliteCodeOf } from './rules/sqlite.ts'
import { type Evidence, excerpt, statusEvidence, statusInText, textEvidence } from './text-evidence.ts'

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
/** Systems whose three-digit replies are not HTTP's. */
const notHttp: ReadonlySet<string> = new Set(['smtp', 'nodemailer', 'ftp', 'rabbitmq', 'amqp'])
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
    for (const one of textEvidence(text, index)) add(one)
    if (isHttp && failure.status === undefined) add(statusInText(text, index))
  }
  return best(found, coded)
}

/** Message, and the server's answer where a client keeps it apart. */
function textOf(failure: Witness['failure']): string {
  const body = failure.details?.['body']
  const text = typeof body === 'string' ? `${failure.message}\n${body}` : failure.message
  let bounded = text.length > matchCharsMax ? text.slice(0, matchCharsMax) : text
  // Colours of a test runner or a CLI would cut words apart; an address has words (`/rate-limits/7`) that say nothing.
  if (bounded.includes('\x1b[')) bounded = bounded.replace(/\x1b\[[0-9;]{0,16}[A-Za-z]/g, '')
  return bounded.includes('://') ? bounded.replace(/\b[a-z]{2,10}:\/\/[^\s"'<>),]{1,500}/gi, '<url>') : bounded
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

function nameEvidence(failure: Witness['failure'], index: RuleIndex): Evidence | undefined {
  const rule = index.names.get(failure.name) ?? index.names.get(failure.name.slice(failure.name.lastIndexOf('.') + 1))
  return rule && { rule, said: `class ${failure.name}`, confidence: rule.confidence }
}
