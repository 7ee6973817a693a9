import { RedriveError } from '../model/redrive-error.ts'
import { describe } from './describe.ts'

/** Refuses options that are no object (RD-1101) or have a name that the function doesn't know (RD-1102). */
export function checkOptions(name: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new RedriveError('RD-1101', {
      what: `${name}: the options are ${describe(options)}, not an object`,
      fix: `Give { ${known.join(', ')} }, or nothing.`,
    })
  }
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue
    throw new RedriveError('RD-1102', {
      what: `${name}: unknown option ${JSON.stringify(option)}`,
      fix: `Known options are ${known.join(', ')}.`,
    })
  }
  checkCommon(name, options)
}

/** `schema`, `key` and `name` mean the same in every source. */
function checkCommon(name: string, options: { schema?: unknown; key?: unknown; name?: unknown }): void {
  const refuse = (option: string, value: unknown, fix: string): never => {
    throw new RedriveError('RD-1101', { what: `${name}: ${option} is ${describe(value)}`, fix })
  }
  const { schema, key, name: given } = options
  if (schema !== undefined && !isStandardSchema(schema)) {
    refuse(
      'schema',
      schema,
      'Give a Standard Schema (zod, valibot, arktype, …): it has a field ~standard with validate().',
    )
  }
  if (key !== undefined && typeof key !== 'function') refuse('key', key, 'Give a function: key: (item) => item.id.')
  if (given !== undefined && (typeof given !== 'string' || given === ''))
    refuse('name', given, 'Give a text that is not empty.')
}

function isStandardSchema(schema: unknown): boolean {
  // arktype's schemas are functions
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false
  const standard: unknown = (schema as { '~standard'?: unknown })['~standard']
  return (
    typeof standard === 'object' &&
    standard !== null &&
    typeof (standard as { validate?: unknown }).validate === 'function'
  )
}
