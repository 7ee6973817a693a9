import type { Schema } from '../model/schema.ts'
import { describe } from './describe.ts'
import type { Shape, Shaped } from './source.ts'
import { type Issue, ValidationError } from './validation-error.ts'

/** A row that is refused though nothing is wrong with its text: no key, or a schema that fails itself. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code:
    | 'KEY_MISSING'
    | 'KEY_INVALID'
    | 'KEY_THREW'
    | 'SCHEMA_THREW'
    | 'SCHEMA_INVALID_ANSWER'
    | 'FILE_MISSING'
    | 'FILE_CHANGED'
    | 'FILE_REFERENCE'

  constructor(code: RefusedError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
  }
}

/** What a source's options say of its rows. */
export interface ShapeOptions {
  readonly schema?: Schema<unknown, unknown> | undefined
  readonly key?: ((item: never) => unknown) | undefined
}

type Validate = (value: unknown) => unknown
type Key = (item: never) => unknown

/** Checks by schema, then takes the key. Undefined without either: payload is item. */
export function makeShape({ schema, key }: ShapeOptions): Shape {
  if (schema) {
    const validate: Validate = (value) => schema['~standard'].validate(value)
    return (payload) => validated(payload, { validate, key })
  }
  return key && ((payload) => keyed(payload, key))
}

function validated(
  payload: unknown,
  { validate, key }: { validate: Validate; key: Key | undefined },
): Shaped | Promise<Shaped> {
  const threw = (cause: unknown): Shaped =>
    refused(new RefusedError('SCHEMA_THREW', 'the schema failed itself while it checked the row', cause), payload, key)
  try {
    const answer = validate(payload)
    if (!isThenable(answer)) return answered(answer, payload, key)
    return Promise.resolve(answer)
      .then((later) => answered(later, payload, key))
      .catch(threw)
  } catch (cause) {
    return threw(cause)
  }
}

function answered(answer: unknown, payload: unknown, key: Key | undefined): Shaped {
  const { issues } = (typeof answer === 'object' && answer !== null ? answer : {}) as { issues?: unknown }
  if (Array.isArray(issues))
    return refused(new ValidationError(issues.slice(0, 32).map(issueOf), issues.length), payload, key)
  if (typeof answer !== 'object' || answer === null || issues !== undefined || !('value' in answer)) {
    return refused(
      new RefusedError(
        'SCHEMA_INVALID_ANSWER',
        `the schema answered ${describe(answer)}; { value } or { issues } is expected`,
      ),
      payload,
      key,
    )
  }
  return key ? keyed(answer.value, key) : { item: answer.value, key: undefined }
}

function keyed(item: unknown, key: Key): Shaped {
  let found: unknown
  try {
    found = key(item as never)
  } catch (cause) {
    return { refused: new RefusedError('KEY_THREW', 'the key function threw', cause) }
  }
  if (typeof found === 'string' && found !== '') return { item, key: found }
  if (found === undefined || found === '') {
    return {
      refused: new RefusedError(
        'KEY_MISSING',
        `the row has no key: the key function answered ${found === '' ? 'an empty text' : 'undefined'}`,
      ),
    }
  }
  return {
    refused: new RefusedError(
      'KEY_INVALID',
      `the key function answered ${describe(found)}; a string or undefined is expected`,
    ),
  }
}

/** The schema refused the row, but its key may be plain: with it the dead letter can be found. */
function refused(error: Error, payload: unknown, key: Key | undefined): Shaped {
  try {
    const found = key?.(payload as never)
    if (typeof found === 'string' && found !== '') return { refused: error, key: found }
  } catch {
    // the key function was written for rows that pass the schema
  }
  return { refused: error }
}

function issueOf(issue: unknown): Issue {
  const { message, path } = (typeof issue === 'object' && issue !== null ? issue : {}) as {
    message?: unknown
    path?: unknown
  }
  const steps = Array.isArray(path) ? path.slice(0, 32).map(stepOf) : []
  return { message: String(message).slice(0, 500), path: steps }
}

/** A step of a Standard Schema path is a key, or an object that has it. */
function stepOf(step: unknown): string | number {
  const key: unknown = typeof step === 'object' && step !== null ? (step as { key?: unknown }).key : step
  return typeof key === 'number' ? key : String(key).slice(0, 200)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
