/** A piece of a query's text. `at` is its offset. */
export type QueryToken =
  | { readonly kind: 'open' | 'close' | 'not' | 'or' | 'and' | 'end'; readonly at: number }
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'field'; readonly at: number; readonly name: string; readonly values: readonly QueryValue[] }

/** A value of a field, as written. */
export interface QueryValue {
  readonly at: number
  readonly text: string
  readonly quoted: boolean
}

/** What is wrong with a query, where, and what to write instead. */
export interface QueryProblem {
  readonly what: string
  /** Offset in the text, in UTF-16 units. */
  readonly where: number
  readonly fix: string
}

/** Text of a problem thrown inside the parser; never leaves it. */
export class QueryTrouble {
  readonly problem: QueryProblem
  constructor(problem: QueryProblem) {
    this.problem = problem
  }
}

const wordEnd = /[\s()"]/
const valueEnd = /[\s()",]/

/** Cuts a query into tokens, one at a time. Throws a QueryTrouble. */
export function scanQuery(text: string): () => QueryToken {
  const scanner = new Scanner(text)
  return () => scanner.next()
}

class Scanner {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  next(): QueryToken {
    this.bare(/\S/)
    const at = this.at
    const first = this.text[at]
    if (first === undefined) return { kind: 'end', at }
    if (first === '(' || first === ')' || first === '-') {
      this.at++
      return { kind: first === '(' ? 'open' : first === ')' ? 'close' : 'not', at }
    }
    if (first !== '"') return this.word()
    const found = this.quoted()
    this.mustEnd()
    return { kind: 'text', at, text: found }
  }

  private word(): QueryToken {
    const { at } = this
    const found = this.bare(wordEnd)
    const colon = found.indexOf(':')
    if (colon >= 0) {
      this.at = at + colon + 1
      return { kind: 'field', at, name: found.slice(0, colon), values: this.values() }
    }
    this.mustEnd()
    if (found === 'OR') return { kind: 'or', at }
    if (found === 'AND') return { kind: 'and', at }
    if (found === 'NOT') return { kind: 'not', at }
    return { kind: 'text', at, text: found }
  }

  private values(): QueryValue[] {
    const all = [this.value()]
    while (this.text[this.at] === ',') {
      this.at++
      all.push(this.value())
    }
    this.mustEnd()
    return all
  }

  private value(): QueryValue {
    const { at } = this
    const quoted = this.text[at] === '"'
    const text = quoted ? this.quoted() : this.bare(valueEnd)
    if (quoted || text !== '') return { at, text, quoted }
    throw new QueryTrouble({
      what: 'A value is missing.',
      where: at,
      fix: 'Write it right after the colon or comma, without a blank; "" stands for the empty text.',
    })
  }

  private quoted(): string {
    const { text } = this
    const start = this.at++
    let value = ''
    while (this.at < text.length && text[this.at] !== '"') {
      if (text[this.at] === '\\' && (text[this.at + 1] === '"' || text[this.at + 1] === '\\')) this.at++
      value += text[this.at++]
    }
    if (this.at >= text.length) {
      throw new QueryTrouble({
        what: 'A quote is not closed.',
        where: start,
        fix: 'Close it with ", and write \\" for a quote inside.',
      })
    }
    this.at++
    return value
  }

  /** What stands here, up to the first that matches `end`. */
  private bare(end: RegExp): string {
    const start = this.at
    while (this.at < this.text.length && !end.test(this.text[this.at]!)) this.at++
    return this.text.slice(start, this.at)
  }

  /** What follows a term directly would be read as a term of its own, which nobody means. */
  private mustEnd(): void {
    const next = this.text[this.at]
    if (next === undefined || /\s/.test(next) || next === ')') return
    throw new QueryTrouble({
      what: `${JSON.stringify(next)} may not stand here.`,
      where: this.at,
      fix: 'Put a blank before it, or the whole value in quotes: key:"a(b)".',
    })
  }
}
