import type { ContestantResult, Results, SuiteResult } from './results.ts'

/** The results as a page: machine and versions, then for each suite its table and its goals. */
export function resultsMarkdown({ date, mode, machine, versions, suites }: Results): string {
  const { cpu, cores, memoryGib, system, loadBefore } = machine
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const head = [
    `Measured on ${date.slice(0, 10)}: ${cpu}, ${cores} cores, ${memoryGib} GiB, ${system}; load before ${loadBefore}.`,
    ...(mode === 'quick' ? ['A quick run over few items: it shows that everything works, not how fast it is.'] : []),
    `Versions: ${named.join(', ')}.`,
  ]
  return `${[...head, ...suites.map(suiteMarkdown)].join('\n\n')}\n`
}

function suiteMarkdown(suite: SuiteResult): string {
  const { id, title, how, unit, rounds, reference, contestants, goals } = suite
  const rows = contestants.map((contestant) => row(contestant, unit))
  return [
    `### ${id}: ${title}`,
    `${how} ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; × = ratio of medians to “${reference}”.`,
    table(
      withoutEmptyColumns([
        ['', `median, ${unit}`, 'min', 'max', '×', 'processor, ns per item', 'whole run', 'peak memory'],
        ...rows,
      ]),
    ),
    table([['goal', 'measured', 'met'], ...goals.map(({ text, shown, met }) => [text, shown, metWord(met)])]),
  ].join('\n\n')
}

function row(
  { name, median, min, max, ratio, cpuNs, elapsedMs, peakRssBytes }: ContestantResult,
  unit: string,
): string[] {
  const shown = (value: number) => (unit === 'ms' ? value.toFixed(1) : whole(value))
  return [
    name,
    shown(median),
    shown(min),
    shown(max),
    ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(ratio < 10 ? 2 : 1),
    cpuNs === undefined ? '' : whole(cpuNs),
    elapsedMs < 1_000 ? `${elapsedMs.toFixed(0)} ms` : `${(elapsedMs / 1_000).toFixed(2)} s`,
    peakRssBytes === undefined ? '' : `${whole(peakRssBytes / 2 ** 20)} MiB`,
  ]
}

/** Columns that say nothing of anybody are left out, as processor time where whole processes are timed. */
function withoutEmptyColumns(rows: readonly (readonly string[])[]): string[][] {
  const [, ...contestants] = rows
  return rows.map((cells) =>
    cells.filter((_, at) => at === 0 || contestants.some((contestant) => contestant[at] !== '')),
  )
}

/** The first row is the head. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function metWord(met: boolean | undefined): string {
  if (met === undefined) return '—'
  return met ? 'yes' : '**no**'
}

const whole = (value: number) => Math.round(value).toLocaleString('en-GB')
