import { describe, expect, test } from 'vitest'
import { roomOf } from './import-rules.ts'
import { isTest, lineAt, type Node, parseFile, readTree, type SourceFile, walk } from './source-tree.ts'

// The rooms that think: what they answer depends on their arguments alone, so that a seed replays a whole run.
const PURE = ['model', 'policy', 'redact']
const FORBIDDEN_MEMBERS = ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'crypto.getRandomValues']
const FORBIDDEN_NAMES = ['process', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']

function impurities(file: SourceFile): string[] {
  const fromNode = file.imports
    .filter((to) => to.written.startsWith('node:'))
    .map((to) => `${file.path}:${to.line}: ${to.written}`)
  const named = new Set<Node>()
  const touched = [...walk(file.program)].flatMap((node) => {
    // A property or a key of that name is the room's own word, not the world's.
    if (node.type === 'MemberExpression' && !node.computed) named.add(node.property)
    if (/^(Property|PropertyDefinition|TSPropertySignature|MethodDefinition)$/.test(node.type) && !node.computed)
      named.add(node.key)
    const what = named.has(node) ? undefined : worldly(node)
    return what ? [`${file.path}:${lineAt(file.text, node.start)}: ${what}`] : []
  })
  return [...fromNode, ...touched]
}

function worldly(node: Node): string | undefined {
  if (node.type === 'MemberExpression') {
    const name = `${node.object.name}.${node.property.name ?? node.property.value}`
    return FORBIDDEN_MEMBERS.includes(name) ? name : undefined
  }
  if (node.type === 'Identifier' && FORBIDDEN_NAMES.includes(node.name)) return node.name
  const isDate = /^(New|Call)Expression$/.test(node.type) && node.callee.name === 'Date'
  return isDate && (node.type === 'CallExpression' || node.arguments.length === 0) ? 'the date of now' : undefined
}

describe('the thinking rooms', () => {
  const files = readTree().filter((file) => PURE.includes(roomOf(file.path)) && !isTest(file.path))

  test('touch neither clock nor chance nor the machine', () => {
    expect(files.flatMap(impurities)).toEqual([])
  })

  test('are seen by this test', () => {
    expect(files.length).toBeGreaterThanOrEqual(6)
  })
})

describe('a planted impurity is found', () => {
  test.each([
    'Date.now()',
    "Date['now']()",
    'new Date()',
    'Date()',
    'Math.random()',
    'performance.now()',
    'process.env',
    'setTimeout(() => {}, 1)',
    "import { hash } from 'node:crypto'",
    "import('node:fs')",
    'crypto.randomUUID()',
    'const { now } = { process }',
  ])('%s', (code) => {
    expect(impurities(parseFile('policy/a.ts', code))).toHaveLength(1)
  })

  test.each(['new Date(atMs)', 'const a = { process: 1 }', 'row.process', 'interface A { process: string }'])(
    'and none in %s',
    (code) => {
      expect(impurities(parseFile('policy/a.ts', code))).toEqual([])
    },
  )
})
