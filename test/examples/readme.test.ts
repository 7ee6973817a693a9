import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { docBlocks, writeBlocks } from '../../scripts/doc-blocks.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

// Inside the repository, so that `redrive` resolves as it does for a user.
mkdirSync(join(ROOT, 'test', '.docs'), { recursive: true })
const folder = mkdtempSync(join(ROOT, 'test', '.docs', 'readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Ids are new each time, and two letters of the same millisecond come in any order. */
const comparable = (text: string) =>
  text
    .replace(/d_[0-9a-z]{13}/g, 'd_…')
    .split('\n')
    .sort()

test("the first example of the README prints what the README says, but for the letters' ids", () => {
  const printed = /prints:\n\n```text\n([\s\S]*?)```/.exec(README)?.[1]
  expect(printed).toBeDefined()
  writeBlocks(
    folder,
    docBlocks(README).filter((block) => block.isFirst),
  )
  const { stdout, stderr } = spawnSync(process.execPath, ['main.ts'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(stderr).toBe('')
  expect(comparable(stdout)).toEqual(comparable(printed!))
})
