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

const blank = /\s/
const wordEnd = /[\s()"]/

/** Cuts a query into tokens, one at a time. Throws a QueryTrouble. */
export function scanQuery(text: string): () => QueryToken {
  let at = 0

  const quoted = (): string => {
    const start = at++
    let value = ''
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++
      value += text[at++]
    }
    if (at >= text.length)
      throw new QueryTrouble({
        what: 'A quote is not closed.',
        where: start,
        fix: 'Close it with ", and write \\" for a quote inside.',
      })
    at++
    return value
  }

  const bare = (end: RegExp): string => {
    const start = at
    while (at < text.length && !end.test(text[at]!)) at++
    return text.slice(start, at)
  }

  const value = (): QueryValue => {
    const start = at
    const isQuoted = text[at] === '"'
    const found = isQuoted ? quoted() : bare(/[\s()",]/)
    if (!isQuoted && found === '') {
      throw new QueryTrouble({
        what: 'A value is missing.',
        where: start,
        fix: 'Write it right after the colon or comma, without a blank; "" stands for the empty text.',
      })
    }
    return { at: start, text: found, quoted: isQuoted }
  }

  const values = (): QueryValue[] => {
    const all = [value()]
    while (text[at] === ',') {
      at++
      all.push(value())
    }
    mustEnd()
    return all
  }

  /** What follows a term directly would be read as a term of its own, which nobody means. */
  const mustEnd = () => {
    const next = text[at]
    if (next === undefined || blank.test(next) || next === ')') return
    throw new QueryTrouble({
      what: `${JSON.stringify(next)} may not stand here.`,
      where: at,
      fix: 'Put a blank before it, or the whole value in quotes: key:"a(b)".',
    })
  }

  const word = (): QueryToken => {
    const start = at
    const found = bare(wordEnd)
    const colon = found.indexOf(':')
    if (colon >= 0) {
      at = start + colon + 1
      return { kind: 'field', at: start, name: found.slice(0, colon), values: values() }
    }
    mustEnd()
    if (found === 'OR') return { kind: 'or', at: start }
    if (found === 'AND') return { kind: 'and', at: start }
    if (found === 'NOT') return { kind: 'not', at: start }
    return { kind: 'text', at: start, text: found }
  }

  return () => {
    while (at < text.length && blank.test(text[at]!)) at++
    const start = at
    const first = text[at]
    if (first === undefined) return { kind: 'end', at: start }
    if (first === '(' || first === ')' || first === '-') {
      at++
      return { kind: first === '(' ? 'open' : first === ')' ? 'close' : 'not', at: start }
    }
    if (first === '"') {
      const found = quoted()
      mustEnd()
      return { kind: 'text', at: start, text: found }
    }
    return word()
  }
}
