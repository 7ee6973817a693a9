import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../house/source-tree.ts'
import { API_FILE, apiText } from './api-text.ts'

describe.skipIf(!existsSync(join(ROOT, 'src', 'index.ts')))(
  'the public face (skipped until src/index.ts is there)',
  () => {
    // The build has to be of these sources, in whatever way the test was started.
    beforeAll(() => {
      const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'setup.mjs')], { encoding: 'utf8' })
      expect(status, stderr).toBe(0)
    }, 120_000)

    test('is as committed in test/types/api.txt: `npm run api` writes it anew, for the review to see', () => {
      expect(existsSync(API_FILE) ? readFileSync(API_FILE, 'utf8') : 'nothing committed yet').toBe(apiText())
    })
  },
)
