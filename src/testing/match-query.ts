import type { QueryField, QueryNode, QueryTest } from '../model/query.ts'
import { RedriveError } from '../model/redrive-error.ts'

type Value = string | number | undefined

/** What a query is matched with: values by field; a field that isn't named here can't be asked for. */
export interface Matched {
  readonly of: string
  readonly fields: { readonly [Field in QueryField]?: readonly Value[] }
  readonly atMs?: number
  /** Text that free text is looked for in. */
  readonly text?: string
  /** JSON text of the redacted payload. */
  readonly payload?: string | undefined
}

/** Whether a query matches, by plain interpretation. RD-1702 for a field that can't be asked for. */
export function matchQuery(query: QueryNode | undefined, matched: Matched, nowMs: number | undefined): boolean {
  if (!query) return true
  switch (query.op) {
    // All parts are looked at, so that a field that can't be asked for is found wherever it stands.
    case 'and':
      return query.nodes.map((node) => matchQuery(node, matched, nowMs)).every(Boolean)
    case 'or':
      return query.nodes.map((node) => matchQuery(node, matched, nowMs)).some(Boolean)
    case 'not':
      return !matchQuery(query.node, matched, nowMs)
    case 'text':
      return (matched.text ?? '').toLowerCase().includes(query.text.toLowerCase())
    case 'field':
      return matchField(query, matched, nowMs)
  }
}

/** Whether a query names a field. */
export function namesField(query: QueryNode | undefined, field: QueryField): boolean {
  if (!query || query.op === 'text') return false
  if (query.op === 'field') return query.field === field
  return query.op === 'not' ? namesField(query.node, field) : query.nodes.some((node) => namesField(node, field))
}

function matchField(query: Extract<QueryNode, { op: 'field' }>, matched: Matched, nowMs: number | undefined): boolean {
  const { field, test } = query
  if (field === 'age') {
    if (nowMs === undefined) throw new RedriveError('RD-1999', { what: 'A query that asks for age came without nowMs' })
    if (!('compare' in test)) throw new RedriveError('RD-1702', { what: 'age: takes a length of time to compare with' })
    return matched.atMs !== undefined && matchValue(nowMs - matched.atMs, test)
  }
  if (field === 'field') return matchValue(valueAt(matched.payload, query.path ?? ''), test)
  const values = matched.fields[field]
  if (!values) throw new RedriveError('RD-1702', { what: `${field}: can't be asked of ${matched.of}` })
  return values.some((value) => matchValue(value, test))
}

function matchValue(value: Value, test: QueryTest): boolean {
  if (value === undefined) return false
  if ('is' in test) return matchText(String(value), test.is.split('*'))
  const number = typeof value === 'number' ? value : /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  switch (test.compare) {
    case '<':
      return number < test.number
    case '<=':
      return number <= test.number
    case '>':
      return number > test.number
    case '>=':
      return number >= test.number
    case '=':
      return number === test.number
  }
}

/** `parts` stand in the text in this order, the first at its begin, the last at its end. */
function matchText(text: string, parts: readonly string[]): boolean {
  const first = parts[0]!
  if (parts.length === 1) return text === first
  const last = parts.at(-1)!
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

function valueAt(payload: string | undefined, path: string): Value {
  if (path === '') throw new RedriveError('RD-1702', { what: 'field. is no path' })
  if (payload === undefined) return undefined
  let value: unknown = JSON.parse(payload)
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
