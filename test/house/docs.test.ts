import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { docBlocks, writeBlocks } from '../../scripts/doc-blocks.ts'
import { listFiles, ROOT } from './source-tree.ts'

const README = join(ROOT, 'README.md')
const DOCS = join(ROOT, 'docs')
const pages = [README, ...(existsSync(DOCS) ? listFiles(DOCS) : [])].filter(
  (path) => path.endsWith('.md') && existsSync(path),
)
const hasDoor = existsSync(join(ROOT, 'src', 'index.ts'))

// Inside the repository, so that `redrive` and the schema libraries resolve as they do for a user.
mkdirSync(join(ROOT, 'test', '.docs'), { recursive: true })
const folder = mkdtempSync(join(ROOT, 'test', '.docs', 'run-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const examples = pages.flatMap((page) => {
  const name = relative(ROOT, page)
  const home = join(folder, name.replace(/[^\w]+/g, '-'))
  const blocks = docBlocks(readFileSync(page, 'utf8')).filter((block) => !block.isFragment)
  writeBlocks(home, blocks)
  return blocks.map((block) => ({ ...block, at: `${name}:${block.line}`, home, path: join(home, block.fileName) }))
})
const checked = examples.filter((example) => example.language === 'ts')
const executed = examples.filter((example) => example.isRun)

function node(args: readonly string[], cwd = ROOT) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 60_000 })
  return { status, output: status === 0 ? '' : `${stdout}${stderr}` }
}

describe.skipIf(!existsSync(README) || !hasDoor)(
  'the examples of the documents (skipped without README.md and src/index.ts)',
  () => {
    beforeAll(() => {
      // What runs imports `redrive` as a user does: the build, which has to be of these sources.
      if (executed.length > 0) expect(node(['scripts/setup.mjs'])).toEqual({ status: 0, output: '' })
    }, 120_000)

    test('are seen by this test', () => {
      expect(checked.length).toBeGreaterThanOrEqual(1)
      expect(
        examples.filter((example) => example.isFirst && example.isRun && example.at.startsWith('README.md')),
      ).not.toEqual([])
    })

    test('compile', { timeout: 60_000 }, () => {
      const config = {
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: { paths: { redrive: [join(ROOT, 'src', 'index.ts')] } },
        include: [],
        files: checked.map((example) => example.path),
      }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
      const { output } = node(
        [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder, '--pretty', 'false'],
        folder,
      )
      expect(output).toBe('')
    })

    test.for(executed)('$at runs', { timeout: 60_000 }, ({ path, home }) => {
      expect(node([path], home)).toEqual({ status: 0, output: '' })
    })
  },
)

describe('a page', () => {
  const page = [
    '# A',
    '```ts run first',
    'a()',
    '```',
    'text',
    '```sh',
    'ls',
    '```',
    '~~~csv file=in/a.csv',
    'x',
    '~~~',
    '```ts no-run',
    'b',
    '```',
  ]

  test('gives its blocks with their marks, names and lines', () => {
    expect(
      docBlocks(page.join('\n')).map(({ fileName, line, isRun, isFirst, isFragment }) => [
        fileName,
        line,
        isRun,
        isFirst,
        isFragment,
      ]),
    ).toEqual([
      ['example-line-3.ts', 3, true, true, false],
      ['in/a.csv', 10, false, false, false],
      ['example-line-13.ts', 13, false, false, true],
    ])
  })

  test.each([
    ['a fence that is not closed', '```ts\na()', /line 1: this fence is never closed/],
    ['a mark that means nothing', '```ts norun\na()\n```', /line 1: "norun" is none of/],
  ])('with %s is refused', (_name, text, message) => {
    expect(() => docBlocks(text)).toThrow(message)
  })
})
