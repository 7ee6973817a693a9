import type { QueryNode } from './query.ts'
import { closedFields, quoteText } from './query-term.ts'

/** The text of a query that `parseQuery` reads as the same; `''` for none. Ages become milliseconds. */
export function formatQuery(node: QueryNode | undefined): string {
  if (!node) return ''
  switch (node.op) {
    case 'or':
      return node.nodes.map(atom).join(' OR ')
    case 'and':
      return node.nodes.map(atom).join(' ')
    case 'not':
      return `-${atom(node.node)}`
    case 'text':
      return quoteText(node.text)
    case 'field':
      return term(node)
  }
}

/** In brackets where it would fall apart. */
function atom(node: QueryNode): string {
  return node.op === 'and' || node.op === 'or' ? `(${formatQuery(node)})` : formatQuery(node)
}

function term(node: Extract<QueryNode, { op: 'field' }>): string {
  const name = node.path === undefined ? node.field : `${node.field}.${node.path}`
  const { test } = node
  if ('is' in test)
    return `${name}:${closedFields[node.field] || /^[\w*@/.+-]+$/.test(test.is) ? test.is : quoteText(test.is)}`
  const sign = test.compare === '=' && node.field !== 'field' ? '' : test.compare
  return `${name}:${sign}${test.number}${node.field === 'age' ? 'ms' : ''}`
}
