import { boundText } from './bound.ts'
import { type Fields, readDataField, readField } from './read-field.ts'

/** Scalars by name. */
export type Details = { readonly [name: string]: string | number | boolean }

/** Scalars that explain an error: Node's system errors, PostgreSQL's fields, SQLite's, parsers' positions, brokers' and clients' own. */
const scalars: ReadonlySet<string> = new Set([
  'syscall',
  'errno',
  'path',
  'dest',
  'hostname',
  'address',
  'port',
  'severity',
  'detail',
  'constraint',
  'schema',
  'table',
  'column',
  'dataType',
  'routine',
  'sqlState',
  'errcode',
  'errstr',
  'line',
  'row',
  'position',
  'offset',
  'url',
  'method',
  'reason',
  'exitCode',
  'signal',
  'requestId',
])
const detailsMax = 12
const issuesMax = 10

/** Scalars found on an error, bounded: at most 12, each at most 256 characters (`issues` and `body` 1,024). */
export function readDetails(
  fields: Fields,
  known: { name: string; code: string | undefined; response: unknown },
): Details | undefined {
  const details: { [name: string]: string | number | boolean } = {}
  let count = 0
  const add = (name: string, value: unknown) => {
    if (count < detailsMax && addScalar(details, name, value)) count += 1
  }
  add('issues', issuesOf(fields))
  if (known.name === 'FailError' && known.code === 'FAIL') add('disposition', fields.read('disposition'))
  if (known.response !== undefined && known.response !== null) add('body', bodyOf(known.response))
  for (const name of fields.own) {
    if (scalars.has(name)) add(name, fields.read(name))
  }
  return count > 0 ? details : undefined
}

function addScalar(details: { [name: string]: string | number | boolean }, name: string, value: unknown): boolean {
  const isText = typeof value === 'string' && value !== ''
  if (!isText && typeof value !== 'boolean' && !(typeof value === 'number' && Number.isFinite(value))) return false
  details[name] = isText ? boundText(value, name === 'issues' || name === 'body' ? 1_024 : 256).text : value
  return true
}

/** What a schema refused, as `path: message; …`: Standard Schema and zod `issues`, ajv `errors`, joi `details`. */
function issuesOf(fields: Fields): string | undefined {
  const found = listOf(fields.read('issues')) ?? listOf(fields.data('errors')) ?? listOf(fields.data('details'))
  if (!found) return undefined
  const said: string[] = []
  for (const issue of found) {
    const message = readField(issue, 'message')
    const path = pathOf(readField(issue, 'path') ?? readField(issue, 'instancePath'))
    if (typeof message === 'string' && path !== undefined)
      said.push(boundText(path === '' ? message : `${path}: ${message}`, 200).text)
  }
  return said.length > 0 ? boundText(said.join('; '), 1_000).text : undefined
}

/** The first members of a list that are no errors themselves (an AggregateError has `errors` too). */
function listOf(value: unknown): readonly unknown[] | undefined {
  try {
    if (!Array.isArray(value) || value.length === 0) return undefined
    const first = value.slice(0, issuesMax)
    return first.some((member: unknown) => Error.isError(member)) ? undefined : first
  } catch {
    return undefined
  }
}

/** A path as `lines.0.sku`, of `['lines', 0, 'sku']`, `[{ key: 'lines' }]` or `/lines/0/sku`; undefined if it is none of these. */
function pathOf(path: unknown): string | undefined {
  if (path === undefined || path === null) return ''
  if (typeof path === 'string') return boundText(path, 120).text.replace(/^\//, '').replaceAll('/', '.')
  try {
    if (!Array.isArray(path)) return undefined
    const keys = path.slice(0, 16).map((part: unknown) => (typeof part === 'object' ? readField(part, 'key') : part))
    return keys
      .map((key) => (typeof key === 'string' || typeof key === 'number' ? boundText(String(key), 64).text : '?'))
      .join('.')
  } catch {
    return undefined
  }
}

/** The server's own words in a client's error (`response.data`): text, or the `message` or `error` of an object. */
function bodyOf(response: unknown): string | undefined {
  const data = readDataField(response, 'data') ?? readDataField(response, 'body')
  const error = typeof data === 'object' ? readDataField(data, 'error') : undefined
  const candidates = [data, readDataField(data, 'message'), error, readDataField(error, 'message')]
  const text = candidates.find((candidate) => typeof candidate === 'string' && candidate !== '')
  return typeof text === 'string' ? boundText(text, 1_000).text : undefined
}
