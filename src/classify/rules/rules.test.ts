import { describe, expect, it } from 'vitest'
import { ruleIndex, ruleTables } from '../rule-index.ts'
import { cpuMs } from '../testing/cpu-ms.ts'

const words = (text: string) => text.match(/[a-z0-9_]+/g) ?? []

describe('the tables of rules', () => {
  it('name each rule once', () => {
    const ids = ruleTables.flatMap((table) => (table.phrases ?? []).map((row) => `${table.system}/${row.id}`))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('say each code once', () => {
    const codes = ruleTables.flatMap((table) => (table.codes ?? []).flatMap((row) => row.codes.split(' ')))
    expect(codes.filter((code, position) => codes.indexOf(code) !== position)).toEqual([])
  })

  it('say each status once', () => {
    const statuses = ruleTables.flatMap((table) => (table.statuses ?? []).flatMap((row) => row.statuses))
    expect(new Set(statuses).size).toBe(statuses.length)
  })

  it('have wordings in lower case only, since messages are lowered', () => {
    for (const table of ruleTables) {
      for (const row of table.phrases ?? []) {
        expect(row.match.source.replace(/\\[A-Za-z]/g, ''), row.id).toBe(
          row.match.source.replace(/\\[A-Za-z]/g, '').toLowerCase(),
        )
        expect(row.match.flags, row.id).toBe('')
        expect(
          row.on.split(' ').every((word) => words(word)[0] === word),
          `${row.id}: ${row.on}`,
        ).toBe(true)
      }
    }
  })

  it('recommend in a short sentence', () => {
    const index = ruleIndex()
    for (const made of [...index.codes.values(), ...index.statuses.values(), ...[...index.phrases.values()].flat()]) {
      expect(made.recommended).toMatch(/^[A-Z].{10,110}[.]$/)
    }
  })

  it('are linear: no wording takes more than 10 ms on adversarial text', () => {
    const generic = ['a', ' ', '"', "invalid '"].map((bad) => bad.repeat(4_096).slice(0, 4_096))
    for (const row of ruleTables.flatMap((table) => table.phrases ?? [])) {
      const own = `${row.on.replaceAll(' ', ' x')} `.repeat(400).slice(0, 4_096)
      for (const text of [own, ...generic]) {
        expect(
          cpuMs(() => row.match.test(text)),
          row.id,
        ).toBeLessThan(10)
      }
    }
  })
})
