import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from './source-tree.ts'

// Assembled, so that this file does not hold what it looks for.
const HOMES = ['home', 'Users', 'root', 'mnt', 'work', 'private', 'var/folders'].map((name) => `/${name}/`)
const MACHINE_PATH = new RegExp(`(?:^|[\\s"'\`(=:,\\[])(?:${HOMES.join('|')})[\\w.-]+`, 'm')
// In pieces, so that this page names no host itself.
const PUBLIC_REGISTRY = ['registry', 'npmjs', 'org'].join('.')
const REGISTRY_HOST =
  /(?:https?:\/\/[\w.:-]*(?:registry|npm|artifactory|nexus|verdaccio|proxy)[\w.:-]*|\bregistry\s*=\s*\S+)/i

function machinePath(text: string): string | undefined {
  // Where this clone lies is nobody's business, however short; a one-word root ("/app") would be found in good prose.
  const own = [ROOT, dirname(ROOT), homedir()].filter((path) => path.split('/').length > 2)
  return own.find((path) => text.includes(`${path}/`)) ?? MACHINE_PATH.exec(text)?.[0]
}

function registryHost(text: string): string | undefined {
  const found = REGISTRY_HOST.exec(text)?.[0]
  return found?.includes(PUBLIC_REGISTRY) ? undefined : found
}

const isClone = existsSync(join(ROOT, '.git'))

describe.skipIf(!isClone)('tracked files (skipped outside a git clone)', () => {
  const tracked = isClone ? execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0') : []
  const texts = tracked
    .filter((path) => path && existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
    .filter(({ path, text }) => !text.includes('\0') && !path.endsWith('tracked-files.test.ts'))

  test('are seen by this test', () => {
    expect(texts.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['package.json', 'ARCHITECTURE.md', 'LICENSE']),
    )
  })

  test('name no path of a machine', () => {
    expect(texts.flatMap(({ path, text }) => (machinePath(text) ? [`${path}: ${machinePath(text)}`] : []))).toEqual([])
  })

  test('name no package registry but the public one', () => {
    const checked = texts.filter(({ path }) => path !== 'package-lock.json')
    expect(checked.flatMap(({ path, text }) => (registryHost(text) ? [`${path}: ${registryHost(text)}`] : []))).toEqual(
      [],
    )
  })

  test('hold nothing that a build or a run makes', () => {
    expect(tracked.filter((path) => /(^|\/)(node_modules|dist|coverage|\.redrive|\.docs)(\/|$)/.test(path))).toEqual([])
  })
})

describe('a planted trace is found', () => {
  test.each([
    ['a home', `see ${HOMES[0]}someone/project`],
    ['a quoted path', `const a = '${HOMES[4]}main'`],
    ['this clone', `at ${ROOT}/src/a.ts`],
  ])('%s', (_name, text) => {
    expect(machinePath(text)).toBeDefined()
  })

  test.each(['https://npm.example.com/a.tgz', 'registry=http://localhost:4873', '"https://registry.example.org/zod"'])(
    '%s',
    (text) => {
      expect(registryHost(text)).toBeDefined()
    },
  )

  test('and ordinary text holds none', () => {
    expect(machinePath('a route /items/home/ and ./src/mnt/a.ts, https://example.com/home/x')).toBeUndefined()
    expect(registryHost(`the npm registry; https://${PUBLIC_REGISTRY}/; https://docs.example.com`)).toBeUndefined()
  })
})
