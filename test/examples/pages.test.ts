import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { batchStates } from '../../src/model/batch.ts'
import { dispositions, errorTypes } from '../../src/model/classification.ts'
import { errorTable } from '../../src/model/error-table.ts'
import { itemStates } from '../../src/model/item.ts'
import { exitCodes } from '../../src/report/exit-code.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8')
const page = (name: string) => read('docs', `${name}.md`)
/** Names of the fields that an interface declares. */
const fieldsOf = (source: string, name: string) => {
  const body = new RegExp(`export interface ${name}\\b[^{]*{([\\s\\S]*?)\\n}`).exec(source)?.[1] ?? ''
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(<:]/gm)].map((match) => match[1]!)
}

describe('a page names all that the code has:', () => {
  const definition = read('src', 'job', 'definition.ts')
  const policy = read('src', 'model', 'policy.ts')
  const cases: [string, string, readonly string[]][] = [
    ['job: options', 'job', fieldsOf(definition, 'JobOptions')],
    ['job: options of start', 'job', fieldsOf(definition, 'StartOptions')],
    ['job: ctx', 'job', fieldsOf(read('src', 'model', 'context.ts'), 'Context')],
    ['retries: fields of a rule', 'retry-and-breaker', fieldsOf(policy, 'RetryRule')],
    [
      'retries: fields of a breaker',
      'retry-and-breaker',
      fieldsOf(policy, 'BreakerOptions').map((name) => `breaker.${name}`),
    ],
    [
      'retries: options of a dependency',
      'retry-and-breaker',
      fieldsOf(policy, 'DependencyOptions').filter((name) => name !== 'breaker'),
    ],
    ['retries: types and dispositions', 'retry-and-breaker', [...errorTypes, ...dispositions]],
    [
      'states: of items and batches',
      'states',
      [...itemStates, ...batchStates.filter((state) => !state.startsWith('roll'))],
    ],
  ]

  test.each(cases)('%s', (_what, name, words) => {
    expect(words.length).toBeGreaterThan(3)
    const text = page(name)
    expect(words.filter((word) => !new RegExp(`[\`.]${word.replace('.', '\\.')}[\`(,:]`).test(text))).toEqual([])
  })

  test('exit codes', () => {
    const table = page('exit-codes')
    for (const [code] of exitCodes) expect(table).toMatch(new RegExp(`^\\| (?:\\d+, )?${code}\\b.* \\|`, 'm'))
  })

  test('the README: what is not built yet, by its code', () => {
    const codes = Object.keys(errorTable).filter((code) => /^RD-19(?!99|11)/.test(code))
    expect(codes.length).toBeGreaterThan(5)
    expect(codes.filter((code) => !read('README.md').includes(code))).toEqual([])
  })
})
