// `npm run check`: everything that must hold before a commit, in under a minute. `--static` leaves the tests out.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const isStatic = process.argv.includes('--static')
const bin = (name) => join(ROOT, 'node_modules', ...name)
const BIOME = bin(['@biomejs', 'biome', 'bin', 'biome'])
const TSC = bin(['typescript', 'bin', 'tsc'])
const VITEST = bin(['vitest', 'vitest.mjs'])

const STEPS = [
  { name: 'format', script: BIOME, args: ['format', '.'], fix: 'npm run format' },
  {
    name: 'lint',
    script: BIOME,
    args: ['lint', '.', '--error-on-warnings'],
    fix: 'npm run format mends what is safe to mend',
  },
  { name: 'types', script: TSC, args: ['-p', 'tsconfig.json'], fix: 'mend the lines above' },
  {
    name: 'tests',
    script: VITEST,
    args: ['run', '--reporter=dot'],
    fix: 'npx vitest run FILE shows one',
    isTest: true,
  },
]

const node = spawnSync(process.execPath, [join(ROOT, 'scripts', 'setup.mjs')], { stdio: 'inherit' })
if (node.status !== 0) process.exit(node.status ?? 1)

const failed = []
for (const { name, script, args, fix } of STEPS.filter((step) => !(isStatic && step.isTest))) {
  const startedAt = Date.now()
  // `node` and not this one: after the set-up it is the runtime in node_modules, where npm puts it first in PATH.
  const { status, stdout, stderr } = spawnSync('node', [script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  const elapsed = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${elapsed}`)
  if (status === 0) continue
  console.log(`${stdout ?? ''}${stderr ?? ''}`.trimEnd().replace(/^/gm, '    '))
  console.log(`  fix: ${fix}`)
  failed.push(name)
}
console.log(failed.length === 0 ? 'all good' : `failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
