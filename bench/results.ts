import type { Machine } from './machine.ts'
import { median } from './statistics.ts'
import type { Goal, Measured, Sample, Suite } from './suite.ts'

/** What `results/*.json` holds. */
export interface Results {
  readonly date: string
  readonly mode: 'full' | 'quick'
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
  readonly suites: readonly SuiteResult[]
}

export interface SuiteResult {
  readonly id: string
  readonly title: string
  readonly how: string
  readonly unit: Suite['unit']
  readonly rounds: number
  readonly reference: string
  readonly contestants: readonly ContestantResult[]
  /** `met` is absent where it can't be told, or isn't judged. */
  readonly goals: readonly { readonly text: string; readonly shown: string; readonly met?: boolean }[]
}

export interface ContestantResult {
  readonly name: string
  readonly median: number
  readonly min: number
  readonly max: number
  /** Of medians, by the reference's. */
  readonly ratio: number
  /** Median, all threads. */
  readonly cpuNs?: number
  readonly elapsedMs: number
  /** Highest of all rounds. */
  readonly peakRssBytes?: number
  readonly samples: readonly number[]
}

/** A suite's result. With `isJudged` false (a quick run) no goal is said to be met or missed. */
export function resultOf(suite: Suite, measured: Measured, isJudged: boolean): SuiteResult {
  const { id, title, how, unit, rounds, reference } = suite
  const base = median(measured.get(reference)!.map(({ value }) => value))
  const contestants = [...measured].map(([name, samples]) => contestantResult(name, samples, base))
  const goals = suite.goals.map((goal) => judged(goal, measured, isJudged))
  return { id, title, how, unit, rounds, reference, contestants, goals }
}

function judged(goal: Goal, measured: Measured, isJudged: boolean): SuiteResult['goals'][number] {
  const { shown, met } = goal.judge(measured)
  return { text: goal.text, shown, ...(isJudged && met !== undefined && { met }) }
}

function contestantResult(name: string, samples: readonly Sample[], base: number): ContestantResult {
  const values = samples.map(({ value }) => value)
  const cpu = samples.flatMap(({ cpuNs }) => (cpuNs === undefined ? [] : [cpuNs]))
  const rss = samples.flatMap(({ rssBytes }) => (rssBytes === undefined ? [] : [rssBytes]))
  return {
    name,
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    ratio: median(values) / base,
    elapsedMs: median(samples.map(({ elapsedMs }) => elapsedMs)),
    ...(cpu.length > 0 && { cpuNs: median(cpu) }),
    ...(rss.length > 0 && { peakRssBytes: Math.max(...rss) }),
    samples: values.map((value) => Number(value.toPrecision(6))),
  }
}
