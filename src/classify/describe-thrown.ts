import { boundText } from './bound.ts'
import { ownKeys, readDataField } from './read-field.ts'

const fieldsMax = 12

/** A thrown value that has no message, in words: `null`, `10n`, `Symbol(x)`, `{ code: 'ECONNRESET' }`. Runs no getter, no code of the value. */
export function describeThrown(thrown: unknown, isProxy = false): string {
  if (isProxy) return 'Proxy without a readable message'
  if (typeof thrown === 'bigint') return describeBigint(thrown)
  if (typeof thrown === 'symbol') return boundText(`Symbol(${thrown.description ?? ''})`, 256).text
  if (typeof thrown === 'function') return 'a function was thrown'
  if (typeof thrown === 'object' && thrown !== null) return describeObject(thrown)
  return String(thrown)
}

/** A bigint of a million digits takes seconds to print, so only small ones are. */
function describeBigint(value: bigint): string {
  const isSmall = value < 2n ** 128n && value > -(2n ** 128n)
  return isSmall ? `${value}n` : 'a bigint beyond 128 bits'
}

function describeObject(thrown: object): string {
  if (Error.isError(thrown)) return ''
  const keys = ownKeys(thrown)
  if (!keys) return 'an object without readable fields'
  const fields: string[] = []
  for (const key of keys.slice(0, fieldsMax)) {
    const value = dataText(thrown, key)
    if (value !== undefined) fields.push(`${boundText(key, 64).text}: ${value}`)
  }
  if (fields.length === 0) return Array.isArray(thrown) ? '[]' : '{}'
  return `{ ${fields.join(', ')}${keys.length > fieldsMax ? ', …' : ''} }`
}

function dataText(thrown: object, key: string): string | undefined {
  const value = readDataField(thrown, key)
  if (typeof value === 'string') return `'${boundText(value, 256).text}'`
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
