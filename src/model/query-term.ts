import { batchStates } from './batch.ts'
import { dispositions, errorTypes, severities } from './classification.ts'
import { nearest } from './did-you-mean.ts'
import { parseDuration } from './duration.ts'
import { itemStates } from './item.ts'
import { letterStates, views } from './letter.ts'
import { type QueryField, type QueryNode, type QueryTest, queryFields } from './query.ts'
import { type QueryToken, QueryTrouble, type QueryValue } from './query-scan.ts'

/** Fields whose values are a closed list. */
export const closedFields: { readonly [Field in QueryField]?: readonly string[] } = {
  state: [...new Set<string>([...itemStates, ...letterStates, ...batchStates])],
  type: errorTypes,
  disposition: dispositions,
  severity: severities,
  view: views,
}

const comparison = /^(<=|>=|<|>|=)(.*)$/s
const decimal = /^-?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,2})?$/
/** Of an age: 1,000 years. */
const ageMsMax = 31_557_600_000_000

/** The node of `name:value,value`; a list is an `or`. Throws a QueryTrouble. */
export function queryTerm(token: Extract<QueryToken, { kind: 'field' }>): QueryNode {
  const { field, path } = fieldOf(token)
  const nodes = token.values.map(
    (value): QueryNode => ({ op: 'field', field, ...(path === undefined ? {} : { path }), test: testOf(field, value) }),
  )
  return nodes.length === 1 ? nodes[0]! : { op: 'or', nodes }
}

function fieldOf(token: Extract<QueryToken, { kind: 'field' }>): { field: QueryField; path?: string } {
  const [, head = '', path] = /^([^.]*)(?:\.(.*))?$/s.exec(token.name) ?? []
  const name = head.toLowerCase()
  if (!(queryFields as readonly string[]).includes(name)) {
    const near = nearest(head, queryFields)
    const quote = `To search for it as text, put it in quotes: ${quoteText(`${token.name}:${token.values[0]?.text ?? ''}`)}.`
    throw new QueryTrouble({
      what: `There is no field ${JSON.stringify(head)}.`,
      where: token.at,
      fix: near ? `Did you mean ${near}:? ${quote}` : `Fields are ${queryFields.join(', ')}. ${quote}`,
    })
  }
  if (name !== 'field' && path === undefined) return { field: name as QueryField }
  if (name !== 'field')
    throw new QueryTrouble({
      what: `${name} has no parts.`,
      where: token.at,
      fix: `Write ${name}:VALUE; for a field of the payload field.${path}:VALUE.`,
    })
  if (!path || path.split('.').some((part) => part === '' || part === '__proto__'))
    throw new QueryTrouble({
      what: "The path of the payload's field is missing or not valid.",
      where: token.at,
      fix: 'Name it after a dot: field.country:UK, field.card.brand:visa.',
    })
  return { field: 'field', path }
}

function testOf(field: QueryField, value: QueryValue): QueryTest {
  if (field === 'attempts' || field === 'generation') return numberTest(field, value)
  if (field === 'age') return ageTest(value)
  const closed = closedFields[field]
  if (closed) return closedTest(field, closed, value)
  const found = value.quoted ? undefined : comparison.exec(value.text)
  if (!found) return { is: value.text }
  if (field === 'field' && decimal.test(found[2]!)) return { compare: found[1] as '<', number: Number(found[2]) + 0 }
  throw new QueryTrouble({
    what: `${field} can't be compared with ${JSON.stringify(found[2])}.`,
    where: value.at,
    fix: `Put it in quotes if the sign is part of the text: ${field}:${quoteText(value.text)}.`,
  })
}

function numberTest(field: QueryField, value: QueryValue): QueryTest {
  const [, sign = '=', digits = ''] = comparison.exec(value.text) ?? ['', '=', value.text]
  if (/^\d{1,9}$/.test(digits)) return { compare: sign as '=', number: Number(digits) }
  throw new QueryTrouble({
    what: `${field} is a whole number, not ${JSON.stringify(value.text)}.`,
    where: value.at,
    fix: `Write for example ${field}:>3, ${field}:<=2 or ${field}:1.`,
  })
}

function ageTest(value: QueryValue): QueryTest {
  const found = comparison.exec(value.text)
  const ms = found ? parseDuration(found[2]!) : undefined
  if (found && ms !== undefined && ms <= ageMsMax && found[1] !== '=')
    return { compare: found[1] as '<', number: Math.round(ms) }
  throw new QueryTrouble({
    what: `${JSON.stringify(value.text)} is no age.`,
    where: value.at,
    fix: 'Write age:<2d for younger, age:>12h for older; units are ms, s, m, h, d.',
  })
}

function closedTest(field: QueryField, closed: readonly string[], value: QueryValue): QueryTest {
  const text = value.text.toLowerCase()
  if (closed.includes(text)) return { is: text }
  const near = nearest(text, closed)
  const list = `${field} is one of ${closed.join(', ')}.`
  throw new QueryTrouble({
    what: `There is no ${field} ${JSON.stringify(value.text)}.`,
    where: value.at,
    fix: near ? `Did you mean ${field}:${near}? ${list}` : list,
  })
}

/** The text in quotes, as the query language reads it. */
export function quoteText(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
