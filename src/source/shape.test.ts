import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Schema } from '../model/schema.ts'
import { adapterOf } from './adapter-of.ts'
import { csv } from './csv.ts'
import { jsonl } from './jsonl.ts'
import { makeShape } from './shape.ts'

const schemaOf = (validate: (value: unknown) => unknown): Schema => ({
  '~standard': { version: 1, vendor: 'test', validate: validate as never },
})
const shaped = async (payload: unknown, options: Parameters<typeof makeShape>[0]) => makeShape(options)!(payload)

const Order = z.object({ id: z.string(), amount: z.coerce.number() })

describe('shape', () => {
  it('is undefined without schema and key', () => {
    expect(adapterOf(csv('a.csv')).shape).toBeUndefined()
    expect(adapterOf(jsonl('a.jsonl')).shape).toBeUndefined()
  })

  it('gives what the schema answers and the key of that', async () => {
    const shape = adapterOf(csv('a.csv', { schema: Order, key: (order) => order.id + typeof order.amount })).shape!
    expect(await shape({ id: 'a', amount: '5' })).toEqual({ item: { id: 'a', amount: 5 }, key: 'anumber' })
    expect(shape({ id: 'a', amount: '5' })).not.toBeInstanceOf(Promise)
  })

  it('takes schemas that answer later', async () => {
    const later = z.object({ id: z.string() }).refine(async ({ id }) => id !== 'no', 'not this one')
    expect(await shaped({ id: 'a' }, { schema: later, key: (item: { id: string }) => item.id })).toEqual({
      item: { id: 'a' },
      key: 'a',
    })
    expect(await shaped({ id: 'no' }, { schema: later })).toMatchObject({ refused: { code: 'VALIDATION' } })
  })

  it.each([
    ['zod', z.object({ id: z.string(), lines: z.array(z.object({ sku: z.string() })) }) as Schema],
    ['valibot', v.object({ id: v.string(), lines: v.array(v.object({ sku: v.string() })) }) as Schema],
  ])('refuses with the issues of %s and where they are; the key is taken from the raw row', async (_name, schema) => {
    const refusal = await shaped({ id: 'a', lines: [{ sku: 1 }] }, { schema, key: (row: { id: string }) => row.id })
    expect(refusal).toMatchObject({
      key: 'a',
      refused: { name: 'ValidationError', code: 'VALIDATION', issues: [{ path: ['lines', 0, 'sku'] }] },
    })
    expect((refusal as { refused: Error }).refused.message).toMatch(/^lines\.0\.sku: /)
  })

  it('bounds issues and message', async () => {
    const issues = Array.from({ length: 1_000 }, (_, n) => ({ message: 'x'.repeat(10_000), path: [{ key: n }] }))
    const { refused } = (await shaped({}, { schema: schemaOf(() => ({ issues })) })) as {
      refused: { issues: unknown[]; message: string }
    }
    expect(refused.issues).toHaveLength(32)
    expect(refused.issues[1]).toEqual({ message: 'x'.repeat(500), path: [1] })
    expect(refused.message).toMatch(/^0: x+; 1: x+; 2: x+; and 997 more$/)
    expect(refused.message.length).toBeLessThan(2_000)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
      'SCHEMA_THREW',
    ],
    [
      'throws null',
      () => {
        throw null
      },
      'SCHEMA_THREW',
    ],
    ['rejects', () => Promise.reject(new Error('boom')), 'SCHEMA_THREW'],
    ['answers nothing', () => undefined, 'SCHEMA_INVALID_ANSWER'],
    ['answers null', () => null, 'SCHEMA_INVALID_ANSWER'],
    ['answers true', () => true, 'SCHEMA_INVALID_ANSWER'],
    ['answers an empty object', () => ({}), 'SCHEMA_INVALID_ANSWER'],
    ['answers issues that are no list', () => ({ value: 1, issues: 'bad' }), 'SCHEMA_INVALID_ANSWER'],
    [
      'answers what throws',
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('trap')
            },
          },
        ),
      'SCHEMA_THREW',
    ],
  ])('a schema that %s refuses the row', async (_what, validate, code) => {
    expect(
      await shaped({ id: 'a' }, { schema: schemaOf(validate), key: (row: { id: string }) => row.id }),
    ).toMatchObject({ refused: { code }, key: 'a' })
  })

  it.each([
    ['undefined', () => undefined, 'KEY_MISSING'],
    ['an empty text', () => '', 'KEY_MISSING'],
    ['a number', () => 5, 'KEY_INVALID'],
    ['null', () => null, 'KEY_INVALID'],
    ['a promise', async () => 'a', 'KEY_INVALID'],
    [
      'an error',
      () => {
        throw new Error('boom')
      },
      'KEY_THREW',
    ],
  ])('a key function that gives %s refuses the row', async (_what, key, code) => {
    expect(await shaped({ id: 'a' }, { key })).toMatchObject({ refused: { name: 'RefusedError', code } })
    expect(await shaped({ id: 'a' }, { key, schema: schemaOf((value) => ({ value })) })).toMatchObject({
      refused: { code },
    })
  })

  it("a key function that can't take the raw row leaves a refused row without a key", async () => {
    const key = (row: { deep: { id: string } }) => row.deep.id
    expect(await shaped({}, { key, schema: schemaOf(() => ({ issues: [{ message: 'no' }] })) })).not.toHaveProperty(
      'key',
    )
  })
})
