import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../house/source-tree.ts'

const HERE = join(ROOT, 'test', 'types')
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

function compile(project: string): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [TSC, '-p', project, '--pretty', 'false'], { encoding: 'utf8', cwd: HERE })
}

describe.skipIf(!existsSync(join(ROOT, 'src', 'index.ts')))(
  'the public types (skipped until src/index.ts is there)',
  () => {
    // One run proves both: every sketch compiles, and each line under @ts-expect-error is truly an error.
    test('let every sketch pass and refuse every mistake', { timeout: 60_000 }, () => {
      expect(compile('tsconfig.json')).toMatchObject({ stdout: '', status: 0 })
    })

    test('are asked about all 53 mistakes', () => {
      const text = readFileSync(join(HERE, 'errors.ts'), 'utf8')
      expect(text.match(/^\/\/ \d+ /gm)).toHaveLength(53)
      expect(text.match(/^\s*\/\/ @ts-expect-error/gm)).toHaveLength(53)
    })
  },
)
