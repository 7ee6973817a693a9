import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandAgain } from './command-again.ts'
import { atStore, shellWord } from './shell-word.ts'

test.each([
  [{ args: ['d_1'], own: { color: true, input: true, yes: undefined } }, [], 'redrive q retry d_1'],
  [
    { args: [], own: { where: "key:it's", color: false } },
    ['--yes'],
    `redrive q retry --where 'key:it'\\''s' --no-color --yes`,
  ],
  [
    { args: ['b_1'], own: { requireMatch: true, expect: '3' } },
    ['--expect', '4'],
    'redrive q retry b_1 --require-match --expect 4',
  ],
  [{ args: ['d_1'], own: { set: ['a=1', 'b=x y'] } }, [], `redrive q retry d_1 --set a=1 --set 'b=x y'`],
])('%j and %j are said again as %s', (call, more, text) => {
  expect(commandAgain('q retry', call, more)).toBe(text)
})

test('a shell reads every word as it was', () => {
  const words = fc.sample(fc.string({ unit: fc.constantFrom(...`ab '"$\`\\!*;&|<>()#~\n`) }), { numRuns: 200, seed: 7 })
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' })
  expect(read.split('\0').slice(0, -1)).toEqual(words)
})

test('a ledger that was named is named in what comes next, once', () => {
  expect(atStore('redrive batches', undefined)).toBe('redrive batches')
  expect(atStore('redrive batches', 'sqlite:a b.db')).toBe(`redrive batches --store 'sqlite:a b.db'`)
  expect(atStore('redrive demo --store sqlite:x.db', 'sqlite:y.db')).toBe('redrive demo --store sqlite:x.db')
})
