import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importViolations, roomOf } from './import-rules.ts'
import { parseImportTable } from './import-table.ts'
import { isTest, parseFile, ROOT, readTree } from './source-tree.ts'

const rooms = parseImportTable(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8'))
const files = readTree()
// A checker that is blind is green: raised as the house grows.
const FILES_AT_LEAST = 7

describe('the rooms of src', () => {
  test('import only what ARCHITECTURE.md allows', () => {
    expect(importViolations(files, rooms)).toEqual([])
  })

  test('are seen by this test, every one of them', () => {
    expect(files.length).toBeGreaterThanOrEqual(FILES_AT_LEAST)
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect([...new Set(files.map((file) => roomOf(file.path)))]).toEqual(
      expect.arrayContaining(folders.map(({ name }) => name)),
    )
  })

  test('have no import that the parser overlooks: a plain search finds no more', () => {
    // Tests hold program texts of their own.
    for (const { path, text, imports } of files.filter((file) => !isTest(file.path))) {
      const written = [...text.matchAll(/^(?:import|export|\}) [^'"\n]*from '([^']+)'$/gm)].map((match) => match[1])
      expect(
        imports.map((to) => to.written),
        path,
      ).toEqual(expect.arrayContaining(written))
    }
  })

  test('lose the mark "planned" when they are there', () => {
    const built = new Set(files.map((file) => roomOf(file.path)))
    expect(
      [...rooms.values()].filter((room) => room.isPlanned && built.has(room.name)).map((room) => room.name),
    ).toEqual([])
  })

  test('leave no table room without a folder, unless it is planned', () => {
    const built = new Set(files.filter((file) => !isTest(file.path)).map((file) => roomOf(file.path)))
    const waiting = [...rooms.values()].filter((room) => !room.isPlanned && !built.has(room.name))
    expect(built.has('index.ts') ? waiting.map((room) => room.name) : []).toEqual([])
  })
})

const PLANTED: readonly [string, Record<string, string>, RegExp][] = [
  [
    'a room outside its allowance',
    { 'model/a.ts': `import { b } from '../policy/b.ts'`, 'policy/b.ts': '' },
    /model\/a\.ts:1.*may import nothing/,
  ],
  [
    'a type from there too',
    { 'model/a.ts': `import type { B } from '../policy/b.ts'`, 'policy/b.ts': '' },
    /may import nothing/,
  ],
  [
    'import() in a type',
    { 'model/a.ts': `export type A = import('../policy/b.ts').B`, 'policy/b.ts': '' },
    /may import nothing/,
  ],
  [
    'a lazy import',
    { 'model/a.ts': `export const a = () => import('../policy/b.ts')`, 'policy/b.ts': '' },
    /may import nothing/,
  ],
  ['a re-export', { 'model/a.ts': `\nexport * from '../policy/b.ts'`, 'policy/b.ts': '' }, /model\/a\.ts:2/],
  [
    'past a seam',
    { 'runner/a.ts': `import '../store/sqlite/b.ts'`, 'store/sqlite/b.ts': '' },
    /past the seam of store/,
  ],
  [
    'past a seam by name alone',
    { 'runner/a.ts': `import '../store/sqlite/runs.ts'`, 'store/sqlite/runs.ts': '' },
    /past the seam/,
  ],
  [
    'testing in the product',
    { 'open/a.ts': `import '../testing/b.ts'`, 'testing/b.ts': '' },
    /only tests may import testing/,
  ],
  [
    'testing at the door',
    { 'index.ts': `import './testing/b.ts'`, 'testing/b.ts': '' },
    /only tests may import testing/,
  ],
  ['the command line', { 'open/a.ts': `import '../cli/b.ts'`, 'cli/b.ts': '' }, /nobody imports cli/],
  ['a test', { 'model/a.ts': `import './b.test.ts'`, 'model/b.test.ts': '' }, /a test/],
  [
    'a circle',
    { 'model/a.ts': `import './b.ts'`, 'model/b.ts': `import './a.ts'` },
    /circle: model\/a\.ts → model\/b\.ts → model\/a\.ts/,
  ],
  [
    'a circle in types, once however often imported',
    {
      'model/b.ts': `import type { A } from './c.ts'\nimport './c.ts'`,
      'model/c.ts': `import type { B } from './b.ts'`,
      'model/a.ts': `import './c.ts'`,
    },
    /circle: model\/b\.ts → model\/c\.ts → model\/b\.ts/,
  ],
  ['a folder that is no room', { 'utils/a.ts': '' }, /"utils" is no room/],
  ['a link to nowhere', { 'model/a.ts': `import './b.js'` }, /leads to no source file/],
]

describe('a planted violation is found', () => {
  test.each(PLANTED)('%s', (_name, sources, message) => {
    const planted = Object.entries(sources).map(([path, text]) => parseFile(path, text))
    expect(importViolations(planted, rooms)).toEqual([expect.stringMatching(message)])
  })

  test('and what is allowed is not', () => {
    const planted = Object.entries({
      'runner/a.ts': `import '../store/runs.ts'\nimport '../model/b.ts'`,
      'open/a.ts': `import '../store/sqlite/b.ts'`,
      'store/runs.ts': '',
      'store/sqlite/b.ts': `import '../../redact/b.ts'`,
      'redact/b.ts': '',
      'model/b.ts': '',
      'model/b.test.ts': `import '../testing/b.ts'`,
      'testing/b.ts': '',
    }).map(([path, text]) => parseFile(path, text))
    expect(importViolations(planted, rooms)).toEqual([])
  })
})
