import type { BuiltInRule, PhraseRule, RuleIndex } from './rule-index.ts'
import { weights } from './rules/rule-table.ts'

/** A rule that fired, and on what. */
export interface Evidence {
  readonly rule: BuiltInRule
  /** For `why`: `code ECONNREFUSED`, `status 503`, `"deadlock detected"`. */
  readonly said: string
  /** The rule's, less when the text was not the error's own. */
  readonly confidence: number
}

/** A status in words around it: `status code 503`, `HTTP 404`, `(502)`, `400 Bad Request` at the start. */
const statuses =
  /(?:^|\bhttp(?:\/\d(?:\.\d)?)?(?: error)?[ :=(]{1,3}|\bstatus(?:[ _-]?code)?[ :=(]{1,3}(?:of |is )?|\bresponse code |\breturned(?: error:?)? |error(?: code)?[ :#=(]{1,3}|\((?=\d{3}\)))([1-5]\d\d)(?!\d|\.\d|:\d)(?:$|[ ),:;.\]}{"'-])/g
const sqlStates = /\bsqlstate\W{1,3}([0-9a-z]{5})\b|\(([0-9A-Z]{5})\)|\bcode[=: "]{1,4}([0-9A-Z]{5})\b/i

/** What a text says by itself: the best wording, and the last code written into it. */
export function textEvidence(text: string, index: RuleIndex): readonly Evidence[] {
  const rules = new Set<PhraseRule>()
  let coded = sqlStateInText(text, index)
  for (const word of text.match(/[A-Za-z0-9_]+/g) ?? []) {
    for (const rule of index.phrases.get(word.toLowerCase()) ?? []) rules.add(rule)
    const rule = isCodeLike(word) ? (index.codes.get(word) ?? index.names.get(word)) : undefined
    if (rule && (!coded || rule.weight >= coded.rule.weight))
      coded = { rule: asPhrase(rule), said: `"${word}" in the message`, confidence: 0.9 }
  }
  const phrase = bestPhrase(text, rules)
  return [phrase, coded].filter((one) => one !== undefined)
}

/** A word of prose is no code: `Throttling` begins a sentence, `ECONNRESET`, `SlowDown`, `missing_scope` don't. */
function isCodeLike(word: string): boolean {
  return word.length > 3 && /^[A-Za-z]\w*[A-Z_]/.test(word)
}

/** The wording of most weight; between equals the one stated last, since a wrapper comes first; then the order of the tables. */
function bestPhrase(text: string, rules: Iterable<PhraseRule>): Evidence | undefined {
  const lower = text.toLowerCase()
  let top: { rule: PhraseRule; at: number; said: string } | undefined
  for (const rule of rules) {
    if (top && rule.weight < top.rule.weight) continue
    const match = rule.match.exec(lower)
    if (!match) continue
    if (!top || rule.weight > top.rule.weight || isStatedLater({ rule, at: match.index }, top, lower)) {
      top = { rule, at: match.index, said: text.slice(match.index, match.index + match[0].length) }
    }
  }
  return top && { rule: top.rule, said: `"${excerpt(top.said)}"`, confidence: top.rule.confidence }
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

function sqlStateInText(text: string, index: RuleIndex): Evidence | undefined {
  const state = sqlStates.exec(text)
  const code = (state?.[1] ?? state?.[2] ?? state?.[3])?.toUpperCase()
  const rule = code === undefined ? undefined : index.codes.get(code)
  return rule && { rule: asPhrase(rule), said: `"${code}" in the message`, confidence: 0.9 }
}

/** A code in a text is worth a specific wording, a vague one stays vague. */
function asPhrase(rule: BuiltInRule): BuiltInRule {
  return rule.weight <= weights.genericCode ? rule : { ...rule, weight: weights.phrase }
}

/** The last status that a text names. */
export function statusInText(text: string, index: RuleIndex): Evidence | undefined {
  if (!/\d{3}/.test(text)) return undefined
  let last: Evidence | undefined
  for (const match of text.toLowerCase().matchAll(statuses)) {
    if (index.statuses.has(Number(match[1]))) last = statusEvidence(Number(match[1]), index)
  }
  return last && { ...last, said: `${last.said} in the message`, confidence: Math.min(last.confidence, 0.8) }
}

/** What a status means; one that nobody listed means what 400 or 500 mean (RFC 9110 §15). */
export function statusEvidence(status: number, index: RuleIndex): Evidence | undefined {
  const rule =
    index.statuses.get(status) ??
    index.statuses.get(status >= 500 && status < 600 ? 500 : status >= 400 && status < 500 ? 400 : 0)
  if (!rule) return undefined
  return { rule, said: `status ${status}`, confidence: rule.confidence }
}

/** A piece of the error's own text for `why`: one line, well-formed, at most 80 characters. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return (line.length <= 80 ? line : `${line.slice(0, 79)}…`).toWellFormed()
}
