// What a user gets: packs the tarball, installs it without install scripts in an empty folder, and runs the README's first
// example from there. Exit code 77 = a part could not be tried; it says which.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { docBlocks, writeBlocks } from './doc-blocks.ts'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const README = join(ROOT, 'README.md')
const SKIPPED = 77
const TRACE_LINES = 20

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'redrive-package-'))
  try {
    const tarball = pack(folder)
    const first = existsSync(README) ? docBlocks(readFileSync(README, 'utf8')).filter((block) => block.isFirst) : []
    install(folder, [tarball, ...companions(first.map((block) => block.text).join('\n'))])
    checkCommandLine(folder)
    checkTypes(folder)
    const examples = first.filter((block) => block.isRun)
    if (examples.length === 0) skip('README.md has no block marked `ts run first`: the first example was not run')
    writeBlocks(folder, first)
    for (const { fileName, line } of examples) run(`README.md:${line} from the tarball`, ['node', fileName], folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function pack(folder: string): string {
  const [{ filename, files }] = JSON.parse(
    run('npm pack', ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT),
  )
  const paths: string[] = files.map((file: { path: string }) => file.path)
  const odd = paths.filter(
    (path) =>
      !/^(bin\/|dist\/|README|CHANGELOG|LICENSE|package\.json)/.test(path) || /\.test\.|\/\.|\.tsbuildinfo/.test(path),
  )
  if (odd.length > 0) fail('the tarball holds what it should not', odd.join('\n'))
  say(`tarball of ${paths.length} files`)
  return join(folder, filename)
}

/** What an example may use beside redrive, in the versions that it was tested with here. */
function companions(code: string): string[] {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const used = Object.keys(devDependencies).filter((name) => name === '@types/node' || code.includes(`from '${name}'`))
  return used.map((name) => `${name}@${devDependencies[name]}`)
}

function install(folder: string, packages: string[]): void {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const flags = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--engine-strict=false',
    '--loglevel=error',
  ]
  run('npm install --ignore-scripts of the tarball', ['npm', 'install', ...flags, ...packages], folder)
}

function checkCommandLine(folder: string): void {
  const home = join(folder, 'node_modules', 'redrive')
  run('redrive --help from the tarball', ['node', join(home, 'bin', 'redrive.js'), '--help'], folder)
}

/** The declarations as a strict user compiles them: every one of them, nothing skipped. */
function checkTypes(folder: string): void {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['uses-redrive.ts'] }))
  writeFileSync(
    join(folder, 'uses-redrive.ts'),
    "export * from 'redrive'\nexport * as testing from 'redrive/testing'\n",
  )
  run(
    'types of the tarball, all strict',
    ['node', join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder],
    folder,
  )
}

function run(what: string, [command = '', ...args]: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 180_000 })
  if (status !== 0) fail(`${what}: ${error?.message ?? `exit code ${status}`}`, `${stdout}${stderr}`)
  say(what)
  return stdout
}

class Outcome extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

function fail(what: string, trace: string): never {
  throw new Outcome(`${what}\n${trace.trim().split('\n').slice(-TRACE_LINES).join('\n')}`, 1)
}

function skip(why: string): never {
  throw new Outcome(why, SKIPPED)
}

function say(line: string): void {
  console.log(`  ${line}`)
}

try {
  main()
} catch (error) {
  if (!(error instanceof Outcome)) throw error
  say(error.message)
  process.exitCode = error.exitCode
}
