import type { QueryNode } from './query.ts'
import { type QueryProblem, type QueryToken, QueryTrouble, scanQuery } from './query-scan.ts'
import { queryTerm } from './query-term.ts'

/** What parsing answers; `query` is undefined when the text is blank: everything matches. */
export type ParsedQuery =
  | { readonly ok: true; readonly query: QueryNode | undefined }
  | { readonly ok: false; readonly problem: QueryProblem }

/** Characters. */
const lengthMax = 4_096
const termsMax = 200
const depthMax = 50

/**
 * Reads the query language: `state:quarantined type:network,timeout -key:"a b" (attempts:>3 OR age:<2d) "free text"`.
 * Terms side by side must all hold; `OR` binds weaker; `-` is not; a comma lists alternatives; `*` in a text stands for anything.
 * Never throws. At most 4,096 characters, 200 terms, 50 levels of brackets and nots.
 */
export function parseQuery(text: string): ParsedQuery {
  if (text.length > lengthMax) {
    return problem({
      what: `The query has ${text.length} characters.`,
      where: lengthMax,
      fix: `Keep it to ${lengthMax}.`,
    })
  }
  try {
    const parser = new Parser(scanQuery(text))
    return { ok: true, query: parser.whole() }
  } catch (trouble) {
    if (trouble instanceof QueryTrouble) return problem(trouble.problem)
    throw trouble
  }
}

const problem = (problem: QueryProblem): ParsedQuery => ({ ok: false, problem })

/** Recursive descent, one token ahead. */
class Parser {
  private token: QueryToken
  private terms = 0
  private readonly scan: () => QueryToken

  constructor(scan: () => QueryToken) {
    this.scan = scan
    this.token = scan()
  }

  whole(): QueryNode | undefined {
    if (this.token.kind === 'end') return undefined
    const node = this.either(0)
    if (this.token.kind === 'close')
      this.fail('A bracket is closed that was never opened.', 'Remove it, or put the value in quotes.')
    return node
  }

  private either(depth: number): QueryNode {
    const nodes = [this.all(depth)]
    while (this.token.kind === 'or') {
      this.next()
      nodes.push(this.all(depth))
    }
    return nodes.length === 1 ? nodes[0]! : { op: 'or', nodes }
  }

  private all(depth: number): QueryNode {
    const nodes = [this.one(depth)]
    while (this.token.kind !== 'end' && this.token.kind !== 'or' && this.token.kind !== 'close') {
      if (this.token.kind === 'and') this.next()
      nodes.push(this.one(depth))
    }
    return nodes.length === 1 ? nodes[0]! : { op: 'and', nodes }
  }

  private one(depth: number): QueryNode {
    const { token } = this
    if (depth > depthMax) this.fail('The query is nested too deep.', `Keep brackets and nots to ${depthMax} levels.`)
    switch (token.kind) {
      case 'not':
        this.next()
        return { op: 'not', node: this.one(depth + 1) }
      case 'open':
        return this.bracket(token, depth)
      case 'text':
        this.count()
        this.next()
        return { op: 'text', text: token.text }
      case 'field':
        this.count(token.values.length)
        this.next()
        return queryTerm(token)
      default:
        return this.missing(token.kind)
    }
  }

  private bracket(open: QueryToken, depth: number): QueryNode {
    this.next()
    const node = this.either(depth + 1)
    if (this.token.kind !== 'close')
      throw new QueryTrouble({
        what: 'A bracket is not closed.',
        where: open.at,
        fix: 'Close it with ), or put the value in quotes.',
      })
    this.next()
    return node
  }

  private missing(kind: 'close' | 'or' | 'and' | 'end'): never {
    const found = { close: 'a closing bracket', or: 'OR', and: 'AND', end: 'the end' }[kind]
    return this.fail(
      `A term is missing before ${found}.`,
      'Write a term such as type:network there; to search for a word as text, put it in quotes.',
    )
  }

  private count(terms = 1): void {
    this.terms += terms
    if (this.terms > termsMax) this.fail('The query has too many terms.', `Keep it to ${termsMax}.`)
  }

  private next(): void {
    this.token = this.scan()
  }

  private fail(what: string, fix: string): never {
    throw new QueryTrouble({ what, where: this.token.at, fix })
  }
}
