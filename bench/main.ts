// `npm run bench`: measures, prints, and writes bench/results/. See docs/performance.md.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillPage } from './fill-page.ts'
import { measureSuite } from './harness.ts'
import { thisMachine, versionsInUse } from './machine.ts'
import { type Flags, readFlags } from './read-flags.ts'
import { type Results, resultOf, type SuiteResult } from './results.ts'
import { resultsMarkdown } from './results-markdown.ts'
import type { Suite } from './suite.ts'
import { inMemory, overhead } from './suites/p1.ts'
import { durable, durableEach } from './suites/p2.ts'
import { importTime, start } from './suites/p11.ts'
import { removeWorkFolder } from './work-folder.ts'

const RESULTS = join(import.meta.dirname, 'results')
const LATEST = join(RESULTS, 'latest.json')
const PAGE = join(import.meta.dirname, '..', 'docs', 'performance.md')
const SUITES = { P1: [inMemory, overhead], P2: [durable], P2b: [durableEach], P11: [start, importTime] }

try {
  await main(readFlags(process.argv.slice(2), Object.keys(SUITES)))
} catch (error) {
  const isUsage = !(error instanceof Error) || error.cause === undefined
  console.error(isUsage ? `bench: ${error instanceof Error ? error.message : error}` : error)
  process.exitCode = 1
}

async function main(flags: Flags): Promise<void> {
  if (flags.fill) return fillPage(PAGE, JSON.parse(readFileSync(LATEST, 'utf8')) as Results)
  const chosen = Object.entries(SUITES).filter(([id]) => flags.only.length === 0 || flags.only.includes(id))
  await bench(
    chosen.flatMap(([, makers]) => makers.map((make) => make(flags.quick))),
    flags,
  )
}

async function bench(suites: readonly Suite[], flags: Flags): Promise<void> {
  const [machine, versions] = [thisMachine(), versionsInUse()]
  if (!flags.quick && machine.loadBefore > machine.cores / 4)
    say(`the machine is busy (load ${machine.loadBefore}): figures will suffer`)
  const measured: SuiteResult[] = []
  try {
    for (const suite of suites) measured.push(await one(suite, flags))
  } finally {
    removeWorkFolder()
  }
  const results: Results = {
    date: new Date().toISOString(),
    mode: flags.quick ? 'quick' : 'full',
    machine,
    versions,
    suites: measured,
  }
  process.stdout.write(`\n${resultsMarkdown(results)}`)
  write(results, flags)
}

async function one(suite: Suite, flags: Flags): Promise<SuiteResult> {
  say(`${suite.id}: ${suite.title}`)
  const measured = await measureSuite(suite, (name, { value, elapsedMs }) => {
    say(`  ${name}: ${Math.round(value * 10) / 10} ${suite.unit} (${Math.round(elapsedMs)} ms)`)
  })
  return resultOf(suite, measured, !flags.quick)
}

/** A whole run is kept as the latest; a part of it, or a quick one, only beside. */
function write(results: Results, flags: Flags): void {
  const isWhole = results.mode === 'full' && flags.only.length === 0
  const name = isWhole ? 'latest' : results.mode === 'full' ? 'part' : 'quick'
  mkdirSync(RESULTS, { recursive: true })
  replace(join(RESULTS, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`)
  replace(join(RESULTS, `${name}.md`), resultsMarkdown(results))
  if (isWhole) fillPage(PAGE, results)
  say(`written to bench/results/${name}.json and .md${isWhole ? ', and into docs/performance.md' : ''}`)
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`)
}
