import { readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  isTest,
  lineAt,
  listFiles,
  type Node,
  parseFile,
  ROOT,
  readTree,
  type SourceFile,
  walk,
} from './source-tree.ts'

const LINES_MAX = 400
const FUNCTION_LINES_MAX = 70
const NOT_A_NOUN = ['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc', 'shared']

const product = readTree().filter((file) => !isTest(file.path))
const written = ['src', 'test', 'scripts', 'bin', 'examples']
  .flatMap((folder) => listIfThere(join(ROOT, folder)))
  .filter((path) => /\.([cm]?[jt]s|tsx)$/.test(path) && !path.includes('/.docs/') && !path.includes('/node_modules/'))

function listIfThere(folder: string): string[] {
  try {
    return listFiles(folder)
  } catch {
    return []
  }
}

function longFunctions(file: SourceFile): string[] {
  return [...walk(file.program)].flatMap((node) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return []
    const first = lineAt(file.text, node.start)
    const lines = lineAt(file.text, node.end) - first + 1
    return lines > FUNCTION_LINES_MAX ? [`${file.path}:${first}: ${lines} lines`] : []
  })
}

function badNames(file: SourceFile): string[] {
  const folders = file.path.replace(/\.ts$/, '').split('/')
  const path = folders.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || NOT_A_NOUN.includes(name))
  const declared = [...walk(file.program)].flatMap((node) => declaredName(node) ?? [])
  return [...path, ...declared.filter(isHollow)].map((name) => `${file.path}: ${name}`)
}

function declaredName(node: Node): string | undefined {
  const isType = /^(ClassDeclaration|TSInterfaceDeclaration|TSTypeAliasDeclaration)$/.test(node.type)
  return isType ? (node.id?.name as string | undefined) : undefined
}

function isHollow(name: string): boolean {
  return (
    /(Manager|Helper|Helpers|Utils?)$/.test(name) || /^(Base|Abstract)[A-Z]/.test(name) || /^I[A-Z][a-z]/.test(name)
  )
}

describe('the source', () => {
  test('has no file above 400 lines', () => {
    const long = written.map((path) => ({
      path: relative(ROOT, path),
      lines: readFileSync(path, 'utf8').split('\n').length - 1,
    }))
    expect(long.filter(({ lines }) => lines > LINES_MAX)).toEqual([])
    expect(long.length).toBeGreaterThan(product.length)
  })

  test('has no function above 70 lines', () => {
    expect(product.flatMap(longFunctions)).toEqual([])
  })

  test('names files in kebab-case, and nothing by a hollow word', () => {
    expect(product.flatMap(badNames)).toEqual([])
  })

  test('keeps the files beside it in kebab-case too', () => {
    const odd = written.map((path) => basename(path)).filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name))
    expect(odd).toEqual([])
  })
})

describe('a planted breach is found', () => {
  const filler = (lines: number) => Array.from({ length: lines }, () => '  a()').join('\n')

  test.each([
    ['a function', `function f() {\n${filler(69)}\n}`],
    ['an arrow', `const f = () => {\n${filler(69)}\n}`],
    ['a method', `class A {\n f() {\n${filler(69)}\n}\n}`],
  ])('%s of 71 lines', (_name, text) => {
    expect(longFunctions(parseFile('model/a.ts', text))).toHaveLength(1)
    expect(longFunctions(parseFile('model/a.ts', text.replace('  a()\n', '')))).toEqual([])
  })

  test.each([
    ['model/utils.ts', ''],
    ['helpers/a.ts', ''],
    ['model/types.ts', ''],
    ['model/runItem.ts', ''],
    ['model/a.ts', 'class RunManager {}'],
    ['model/a.ts', 'interface IStore {}'],
    ['model/a.ts', 'export abstract class BaseStore {}'],
  ])('%s %s', (path, text) => {
    expect(badNames(parseFile(path, text))).toHaveLength(1)
  })

  test('and a good name is none', () => {
    expect(
      badNames(parseFile('store/sqlite/run-item.ts', 'interface Item {}\ninterface IPAddress {}\ntype Basement = 1')),
    ).toEqual([])
  })
})
