import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classify, classifyRecord } from './classify.ts'
import { ruleTables } from './rule-index.ts'

const folder = process.env['REDRIVE_SHARED_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
const isThere = existsSync(folder)
if (!isThere) console.warn(`skipped: no test data at ${folder} (set REDRIVE_SHARED_DATA)`)

interface Labelled {
  readonly name: string | null
  readonly code: string | null
  readonly status: number | null
  readonly message: string
  readonly source: string
  readonly type: string
  readonly disposition: string
}
const read = (file: string) =>
  readFileSync(join(folder, 'errors', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Labelled)

/** Systems whose rules are built; of the others only general wordings are known. */
const inScope = new Set(
  'node undici fs tls json zod ajv joi xml yaml pdf.js papaparse csv zlib fetch sqlite child_process worker base64 image archive proxy config http postgres pg app axios got jwt misc'.split(
    ' ',
  ),
)

function score(rows: readonly Labelled[]) {
  const said = rows.map((row) => ({ row, verdict: classifyRecord(row) }))
  const fired = said.filter(({ verdict }) => verdict.by === 'rule')
  const share = (part: typeof said, isRight: (one: (typeof said)[number]) => boolean) =>
    part.filter(isRight).length / part.length
  const isType = ({ row, verdict }: (typeof said)[number]) => row.type === verdict.type
  const isDisposition = ({ row, verdict }: (typeof said)[number]) => row.disposition === verdict.disposition
  const isRetried = (disposition: string) => disposition === 'transient' || disposition === 'recoverable'
  return {
    fired: fired.length / said.length,
    typePrecision: share(fired, isType),
    dispositionPrecision: share(fired, isDisposition),
    type: share(said, isType),
    disposition: share(said, isDisposition),
    retry: share(said, ({ row, verdict }) => isRetried(row.disposition) === isRetried(verdict.disposition)),
  }
}

describe.skipIf(!isThere)('labelled errors', () => {
  it('of the systems in scope: where a rule fires, at least 97 % of types and dispositions are right', () => {
    const result = score(read('train.jsonl').filter((row) => inScope.has(row.source)))
    console.info('in scope', result)
    expect(result.typePrecision).toBeGreaterThanOrEqual(0.97)
    expect(result.dispositionPrecision).toBeGreaterThanOrEqual(0.97)
    expect(result.fired).toBeGreaterThanOrEqual(0.9)
  })

  it('as people paste them: at least as good as a model trained on them (69, 72, 85 %)', () => {
    const result = score(read('real.jsonl'))
    console.info('pasted', result)
    expect(result.type).toBeGreaterThanOrEqual(0.69)
    expect(result.disposition).toBeGreaterThanOrEqual(0.72)
    expect(result.retry).toBeGreaterThanOrEqual(0.85)
  })

  it('never have a wording that the words it is asked on would miss', () => {
    const messages = [...read('train.jsonl'), ...read('real.jsonl')].map((row) => row.message.toLowerCase())
    const missed: string[] = []
    for (const table of ruleTables) {
      for (const row of table.phrases ?? []) {
        const on = new Set(row.on.split(' '))
        for (const message of messages) {
          const isAsked = () => (message.match(/[a-z0-9_]+/g) ?? []).some((word) => on.has(word))
          if (row.match.test(message) && !isAsked()) missed.push(`${table.system}/${row.id}: ${message.slice(0, 80)}`)
        }
      }
    }
    expect(missed).toEqual([])
  })
})

describe.skipIf(!isThere)('what JSON.parse(text) throws for files that must not parse', () => {
  const suite = join(folder, 'json-test-suite')
  const bad = isThere ? readdirSync(suite).filter((name) => name.startsWith('n_')) : []

  it('are there', () => {
    expect(bad.length).toBeGreaterThan(180)
  })

  it.each(bad)('%s is parsing', (name) => {
    const bytes = readFileSync(join(suite, name))
    let thrown: unknown
    try {
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    } catch (error) {
      thrown = error
    }
    const { type, disposition } = classify(thrown)
    expect({ type, disposition }).toEqual({
      type: 'parsing',
      disposition: bytes[0] === 0x3c ? 'recoverable' : 'permanent',
    })
  })
})
