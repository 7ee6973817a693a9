import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { publicExports } from './public-exports.ts'
import { ROOT } from './source-tree.ts'

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
const doors = ['', ...folders.map(({ name }) => name)].filter((name) => existsSync(join(ROOT, 'src', name, 'index.ts')))
const hasDoor = existsSync(join(ROOT, 'src', 'index.ts'))

describe('package.json', () => {
  test.skipIf(!hasDoor)('exports each folder that has an index.ts, and nothing else', () => {
    const wanted = doors.map((name) => [
      name ? `./${name}` : '.',
      { types: `./${join('dist', name, 'index.d.ts')}`, default: `./${join('dist', name, 'index.js')}` },
    ])
    expect(manifest.exports).toEqual({ ...Object.fromEntries(wanted), './package.json': './package.json' })
  })

  test('gives every runtime dependency a reason in ARCHITECTURE.md, and only those', () => {
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('## Runtime dependencies')[1] ?? ''
    const rows = [...(text.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)]
    expect(rows.map((row) => row[1]).sort()).toEqual(Object.keys(manifest.dependencies).sort())
    for (const [, name, reason] of rows) expect(reason?.length, name).toBeGreaterThan(20)
  })

  test('needs no install script, in itself or in what it brings', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([])
    const scripted = Object.entries<LockEntry>(lock.packages).filter(
      ([, entry]) => entry.hasInstallScript && !entry.dev,
    )
    expect(scripted.map(([path]) => path)).toEqual([])
  })
})

interface LockEntry {
  readonly dev?: boolean
  readonly integrity?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
}

describe('package-lock.json', () => {
  const entries = Object.entries<LockEntry>(lock.packages).filter(([path]) => path !== '')

  test('is of this package.json', () => {
    const { dependencies, devDependencies, version } = lock.packages['']
    expect({ dependencies, devDependencies, version }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
      version: manifest.version,
    })
  })

  test('has the integrity of every package, and no address of a registry', () => {
    expect(entries.length).toBeGreaterThan(Object.keys(manifest.devDependencies).length)
    expect(entries.filter(([, entry]) => !entry.integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([])
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([])
  })
})

describe.skipIf(!hasDoor)('the public face', () => {
  test('says of every export what it is', () => {
    const all = doors.flatMap((name) => publicExports(join(ROOT, 'src', name, 'index.ts')))
    expect(all.length).toBeGreaterThan(10)
    expect(all.filter((one) => !one.isDocumented).map((one) => `${one.path}: ${one.name}`)).toEqual([])
  })
})

describe('an export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redrive-exports-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  writeFileSync(
    join(folder, 'a.ts'),
    '/** Says a. */\nexport const a = 1\n// only a remark\nexport function b() {}\n/** C. */\nexport interface C {}',
  )
  writeFileSync(join(folder, 'between.ts'), "export { a as renamed, b } from './a.ts'\nexport type { C } from './a.ts'")
  writeFileSync(join(folder, 'index.ts'), "export * from './between.ts'\nimport { a } from './a.ts'\nexport { a }")

  test('is followed to its declaration, and seen with or without docstring', () => {
    const seen = publicExports(join(folder, 'index.ts')).map(({ name, isDocumented }) => [name, isDocumented])
    expect(seen).toEqual([
      ['renamed', true],
      ['b', false],
      ['C', true],
      ['a', true],
    ])
  })

  test('that leads nowhere is an error', () => {
    writeFileSync(join(folder, 'broken.ts'), "export { nothing } from './a.ts'")
    expect(() => publicExports(join(folder, 'broken.ts'))).toThrow(/declares no "nothing"/)
  })
})
