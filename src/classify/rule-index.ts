import type { Disposition, ErrorType, Severity } from '../model/classification.ts'
import { adviceFor } from './advice.ts'
import { commonNameRules } from './rules/common-names.ts'
import { httpRules } from './rules/http.ts'
import { messageRules } from './rules/messages.ts'
import { nodeRules } from './rules/node.ts'
import { parserRules } from './rules/parsers.ts'
import { postgresRules } from './rules/postgres.ts'
import { confidences, type RuleTable, type Verdict, type Weight, weights } from './rules/rule-table.ts'
import { schemaIssueRules } from './rules/schema-issues.ts'
import { sqliteRules } from './rules/sqlite.ts'

/** A compiled rule. */
export interface BuiltInRule {
  /** `node/ECONNRESET`, `http/429`, `pg/23505`, `text/rate`. */
  readonly id: string
  readonly type: ErrorType
  readonly disposition: Disposition
  readonly weight: number
  /** 0..1 */
  readonly confidence: number
  readonly recommended: string
  readonly severity?: Severity
}
/** A wording, compiled; `order` is its place in the tables: the earlier wins between equals. */
export interface PhraseRule extends BuiltInRule {
  readonly system: string
  readonly match: RegExp
  readonly order: number
}
/** The built-in rules, ready for look-up. */
export interface RuleIndex {
  /** By code, as written. */
  readonly codes: ReadonlyMap<string, BuiltInRule>
  /** By SQLSTATE class: the first two characters. */
  readonly sqlStateClasses: ReadonlyMap<string, BuiltInRule>
  readonly statuses: ReadonlyMap<number, BuiltInRule>
  readonly names: ReadonlyMap<string, BuiltInRule>
  /** By a word that the message must have. */
  readonly phrases: ReadonlyMap<string, readonly PhraseRule[]>
}

/** In the order in which wordings are asked. */
export const ruleTables: readonly RuleTable[] = [
  nodeRules,
  parserRules,
  schemaIssueRules,
  postgresRules,
  sqliteRules,
  httpRules,
  commonNameRules,
  messageRules,
]

/** Compiled once, when first needed: about a millisecond, which `--help` should not pay. */
export function ruleIndex(): RuleIndex {
  compiled ??= compile(ruleTables)
  return compiled
}
let compiled: RuleIndex | undefined

function compile(tables: readonly RuleTable[]): RuleIndex {
  const codes = new Map<string, BuiltInRule>()
  const sqlStateClasses = new Map<string, BuiltInRule>()
  const statuses = new Map<number, BuiltInRule>()
  const names = new Map<string, BuiltInRule>()
  for (const table of tables) {
    for (const row of table.codes ?? []) {
      for (const code of row.codes.split(' ')) {
        const made = ruleOf(`${table.system}/${code}`, row.is, { weight: row.weight ?? 'code', ...row })
        if (code.endsWith('***')) sqlStateClasses.set(code.slice(0, 2), made)
        else codes.set(code, made)
      }
    }
    for (const row of table.statuses ?? []) {
      for (const status of row.statuses) {
        statuses.set(status, ruleOf(`${table.system}/${status}`, row.is, { weight: row.weight ?? 'status', ...row }))
      }
    }
    for (const row of table.names ?? []) {
      for (const name of row.names.split(' ')) {
        names.set(name, ruleOf(`${table.system}/${name}`, row.is, { weight: row.weight ?? 'className', ...row }))
      }
    }
  }
  return { codes, sqlStateClasses, statuses, names, phrases: compilePhrases(tables) }
}

function compilePhrases(tables: readonly RuleTable[]): ReadonlyMap<string, readonly PhraseRule[]> {
  const phrases = new Map<string, PhraseRule[]>()
  let order = 0
  for (const table of tables) {
    for (const row of table.phrases ?? []) {
      const made = ruleOf(`${table.system}/${row.id}`, row.is, { weight: row.weight ?? 'phrase', ...row })
      const phrase: PhraseRule = { ...made, system: table.system, match: row.match, order }
      order += 1
      for (const word of row.on.split(' ')) phrases.set(word, [...(phrases.get(word) ?? []), phrase])
    }
  }
  return phrases
}

function ruleOf(id: string, is: Verdict, row: { weight: Weight; say?: string; severity?: Severity }): BuiltInRule {
  const [type, disposition] = is.split('/') as [ErrorType, Disposition]
  const made = { id, type, disposition, weight: weights[row.weight], confidence: confidences[row.weight] }
  const recommended = row.say ?? adviceFor(type, disposition)
  return row.severity === undefined ? { ...made, recommended } : { ...made, recommended, severity: row.severity }
}
