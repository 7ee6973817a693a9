import type { QueryField, QueryNode, QueryTest } from '../../model/query.ts'
import { RedriveError } from '../../model/redrive-error.ts'

/** A condition and the values it is bound to; to be used in brackets or after `and`. */
export interface Condition {
  readonly sql: string
  readonly params: readonly (string | number)[]
}

/** What a query may ask of a list: expressions by field, several if any of them may match. Nothing else ever reaches the SQL text. */
export interface QueryColumns {
  /** For messages: `dead letters`. */
  readonly of: string
  readonly fields: { readonly [Field in QueryField]?: readonly string[] }
  /** Time that `age` is counted from. */
  readonly atMs: string
  /** Text in lower case that free text is looked for in. */
  readonly text: string
  /** JSON text of the redacted payload, for `field.PATH`. */
  readonly payload: string
}

/** A query as a condition in SQL. RD-1702 for a field that the list doesn't have, or a path that can't be asked. */
export function compileQuery(
  query: QueryNode | undefined,
  columns: QueryColumns,
  nowMs: number | undefined,
): Condition {
  if (!query) return { sql: 'true', params: [] }
  const params: (string | number)[] = []
  return { sql: `(${node(query, { columns, nowMs, params })})`, params }
}

/** Whether a query says something of a field: then the list's own default for it doesn't hold. */
export function asksFor(query: QueryNode | undefined, field: QueryField): boolean {
  if (!query || query.op === 'text') return false
  if (query.op === 'field') return query.field === field
  return query.op === 'not' ? asksFor(query.node, field) : query.nodes.some((part) => asksFor(part, field))
}

interface Compiling {
  readonly columns: QueryColumns
  readonly nowMs: number | undefined
  readonly params: (string | number)[]
}

function node(query: QueryNode, compiling: Compiling): string {
  switch (query.op) {
    case 'and':
    case 'or':
      return query.nodes.length === 0
        ? String(query.op === 'and')
        : `(${query.nodes.map((part) => node(part, compiling)).join(` ${query.op} `)})`
    case 'not':
      return `(not ${node(query.node, compiling)})`
    case 'text':
      compiling.params.push(query.text.toLowerCase())
      return `(instr(${compiling.columns.text}, ?) > 0) is true`
    case 'field':
      return fieldTest(query, compiling)
  }
}

type FieldNode = Extract<QueryNode, { op: 'field' }>

function fieldTest(query: FieldNode, compiling: Compiling): string {
  const { columns, params } = compiling
  if (query.field === 'age') return ageTest(query.test, compiling)
  if (query.field === 'field') return pathTest(query, compiling)
  const expressions = columns.fields[query.field]
  if (!expressions) throw unknownField(query.field, columns)
  return `(${expressions.map((expression) => valueTest(expression, query.test, params)).join(' or ')})`
}

/** What isn't there is neither equal nor greater: `is true` keeps `not` two-valued. */
function valueTest(expression: string, test: QueryTest, params: (string | number)[]): string {
  if ('compare' in test) {
    params.push(test.number)
    return `(redrive_number(${expression}) ${test.compare} ?) is true`
  }
  params.push(test.is.includes('*') ? globOf(test.is) : test.is)
  return `(cast(${expression} as text) ${test.is.includes('*') ? 'glob' : '='} ?) is true`
}

function ageTest(test: QueryTest, { columns, nowMs, params }: Compiling): string {
  if (!('compare' in test))
    throw new RedriveError('RD-1702', {
      what: 'age: takes a length of time to compare with',
      fix: 'For example: age:<2d',
    })
  if (nowMs === undefined) throw new RedriveError('RD-1999', { what: 'A query that asks for age came without nowMs' })
  params.push(nowMs, test.number)
  return `((? - ${columns.atMs}) ${test.compare} ?) is true`
}

/** A number in a path is an index of a list or a name: both are tried. */
function pathTest(query: FieldNode, compiling: Compiling): string {
  const { columns, params } = compiling
  const tests = jsonPaths(query.path ?? '').map((path) => {
    const payload = `iif(json_valid(${columns.payload}), ${columns.payload}, null)`
    // `->` keeps numbers as they were written; only texts are taken out of their quotes.
    const value = `iif(json_type(${payload}, ?) = 'text', ${payload} ->> ?, ${payload} -> ?)`
    params.push(path, path, path)
    return valueTest(value, query.test, params)
  })
  return `(${tests.join(' or ')})`
}

function jsonPaths(path: string): readonly string[] {
  const names = path.split('.')
  if (
    path === '' ||
    path.length > 256 ||
    names.length > 16 ||
    names.some((name) => name === '' || /["\\]/.test(name))
  ) {
    throw new RedriveError('RD-1702', {
      what: `field.${path} is no path`,
      fix: 'Names with dots between them, at most 16: field.card.country',
    })
  }
  let paths = ['$']
  for (const name of names) {
    const asName = paths.map((start) => `${start}."${name}"`)
    paths =
      /^\d{1,9}$/.test(name) && paths.length < 8
        ? [...asName, ...paths.map((start) => `${start}[${Number(name)}]`)]
        : asName
  }
  return paths
}

/** `*` stands for anything; GLOB's other signs stand for themselves. */
function globOf(pattern: string): string {
  return pattern.replace(/[?[]/g, '[$&]').replace(/\*+/g, '*')
}

function unknownField(field: QueryField, columns: QueryColumns): RedriveError {
  const known = [...Object.keys(columns.fields), 'age', 'field.PATH'].map((name) => `${name}:`).join(' ')
  return new RedriveError('RD-1702', {
    what: `${field}: can't be asked of ${columns.of}`,
    fix: `Ask for one of ${known}`,
  })
}
