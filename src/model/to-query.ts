import type { Disposition, ErrorType } from './classification.ts'
import { nearest } from './did-you-mean.ts'
import { type Duration, parseDuration } from './duration.ts'
import type { ItemState } from './item.ts'
import { parseQuery } from './parse-query.ts'
import type { QueryField, QueryNode } from './query.ts'
import { closedFields } from './query-term.ts'
import { RedriveError } from './redrive-error.ts'

/** The query of either form; undefined when everything matches. Throws RD-1702 with what is wrong, where, and what to write. */
export function toQuery(query: Query | undefined): QueryNode | undefined {
  if (query === undefined) return undefined
  if (typeof query === 'object' && query !== null) return whereToQuery(query)
  if (typeof query !== 'string') {
    throw new RedriveError('RD-1702', {
      what: `A query is a text or an object, not ${query === null ? 'null' : typeof query}.`,
      fix: "Write for example 'type:network age:<2d', or { type: 'network', age: '2d' }.",
    })
  }
  const parsed = parseQuery(query)
  if (parsed.ok) return parsed.query
  const { what, where, fix } = parsed.problem
  throw new RedriveError('RD-1702', { what, why: pointAt(query, where), fix })
}

/** A query as an object; all that is given must hold. */
export interface Where {
  state?: ItemState | readonly ItemState[]
  type?: ErrorType | readonly ErrorType[]
  disposition?: Disposition | readonly Disposition[]
  view?: 'failed' | 'scheduled' | 'review'
  batch?: string
  job?: string
  stage?: string
  group?: string
  dependency?: string
  key?: string
  /** Younger than. */
  age?: Duration
  text?: string
}

/** The query language (`'type:validation age:<7d'`), or its typed form. */
export type Query = string | Where

const textFields = ['batch', 'job', 'stage', 'group', 'dependency', 'key'] as const
const fields = ['state', 'type', 'disposition', 'view', ...textFields, 'age', 'text'] as const

/** The query of a typed form; undefined when nothing is given. Throws RD-1702 for what the types refuse. */
export function whereToQuery(where: Where): QueryNode | undefined {
  const nodes: QueryNode[] = []
  for (const [name, value] of Object.entries(where)) if (value !== undefined) nodes.push(nodeOf(name, value))
  return nodes.length < 2 ? nodes[0] : { op: 'and', nodes }
}

/** The text around an offset, with `⟨here⟩` before it. */
function pointAt(text: string, where: number): string {
  const from = Math.max(0, where - 40)
  const to = Math.min(text.length, where + 40)
  return `at character ${where + 1}: ${from > 0 ? '…' : ''}${text.slice(from, where)}⟨here⟩${text.slice(where, to)}${to < text.length ? '…' : ''}`
}

function nodeOf(name: string, value: unknown): QueryNode {
  if (!(fields as readonly string[]).includes(name)) {
    const near = nearest(name, fields)
    throw new RedriveError('RD-1702', {
      what: `A query has no field ${JSON.stringify(name)}.`,
      fix: near ? `Did you mean ${near}?` : `Fields are ${fields.join(', ')}.`,
    })
  }
  if (Array.isArray(value)) {
    if (value.length === 0)
      throw new RedriveError('RD-1702', {
        what: `The list of ${name} is empty: nothing could match.`,
        fix: `Leave ${name} out, or name a value.`,
      })
    const nodes = value.map((one) => nodeOf(name, one))
    return nodes.length === 1 ? nodes[0]! : { op: 'or', nodes }
  }
  if (typeof value !== 'string')
    throw new RedriveError('RD-1702', { what: `${name} must be a text.`, fix: `Give ${name} as a string.` })
  return name === 'text' ? { op: 'text', text: value } : fieldNode(name as QueryField, value)
}

function fieldNode(field: QueryField, value: string): QueryNode {
  if (field === 'age') {
    const ms = parseDuration(value)
    if (ms === undefined)
      throw new RedriveError('RD-1702', {
        what: `${JSON.stringify(value)} is no age.`,
        fix: "Write for example '2d' or '12h'.",
      })
    return { op: 'field', field, test: { compare: '<', number: ms } }
  }
  const closed = closedFields[field]
  if (closed && !closed.includes(value)) {
    const near = nearest(value, closed)
    throw new RedriveError('RD-1702', {
      what: `There is no ${field} ${JSON.stringify(value)}.`,
      fix: near ? `Did you mean ${JSON.stringify(near)}?` : `${field} is one of ${closed.join(', ')}.`,
    })
  }
  return { op: 'field', field, test: { is: value } }
}
