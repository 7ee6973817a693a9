import { formatDuration } from '../model/duration.ts'
import { type Colours, noColours } from './colours.ts'
import { formatCount, formatRate, shortCount } from './figures.ts'
import type { ProgressSnapshot } from './progress-snapshot.ts'
import { fitText, padText, terminalText, textWidth } from './terminal-text.ts'

const linesMax = 8

/**
 * The live panel of a batch: 3 to 8 lines, none wider than `columns` (from 20 on). Bar with rate and time left, counts,
 * then breakers that are not closed, the newest notice, and the largest error groups as far as there is room.
 */
export function progressPanel(
  snapshot: ProgressSnapshot,
  { columns, colours = noColours }: { columns: number; colours?: Colours },
): string[] {
  const head = `${terminalText(snapshot.job)} ${snapshot.batchId}  ${snapshot.state.replaceAll('_', ' ')}  ${formatDuration(snapshot.elapsedMs)}`
  const breakers = breakerLines(snapshot).slice(0, 2)
  const notice = snapshot.notices?.at(-1)
  const lines = [
    colours.bold(fitText(head, columns)),
    barLine(snapshot, columns, colours),
    countLine(snapshot, columns, colours),
    ...breakers.map((line) => colours.red(fitText(line, columns))),
    ...(notice === undefined ? [] : [colours.yellow(fitText(`! ${terminalText(notice)}`, columns))]),
  ]
  const groups = snapshot.groups.slice(0, Math.min(3, linesMax - lines.length))
  return [...lines, ...groupLines(groups, columns)]
}

/** The same in one line, for logs of CI and for terminals that can't move the cursor. */
export function progressLine(snapshot: ProgressSnapshot): string {
  const { total, done, read } = snapshot
  const share = total
    ? ` ${percent(done, total)} ${formatCount(done)}/${ofTotal(snapshot)}`
    : ` ${formatCount(done)} of ${formatCount(read)} read`
  const counts = countParts(snapshot).map(([name, count]) => `${name} ${formatCount(count)}`)
  const parts = [
    `${terminalText(snapshot.job)} ${snapshot.batchId} ${snapshot.state}${share}`,
    counts.join(' '),
    pace(snapshot).join(' '),
    ...breakerLines(snapshot).slice(0, 2),
  ]
  return parts.filter((part) => part !== '').join(' | ')
}

/** Narrow terminals keep the bar, the share and the rate; the counts and the time left go first. */
function barLine(snapshot: ProgressSnapshot, columns: number, colours: Colours): string {
  const { total, done, read } = snapshot
  const [rate = '', ...eta] = pace(snapshot)
  if (!total) return fitText([`${formatCount(done)} of ${formatCount(read)} read`, rate, ...eta].join('  '), columns)
  const share = percent(done, total)
  const of = `${formatCount(done)}/${ofTotal(snapshot)}`
  const tails = [[share, of, rate, ...eta], [share, rate, ...eta], [share, rate], [share]].map((words) =>
    words.join('  '),
  )
  const tail = tails.find((words) => columns - words.length - 2 >= 8) ?? share
  const room = Math.max(0, Math.min(60, columns - tail.length - 2))
  const full = Math.min(room, Math.floor((done / total) * room))
  return `${colours.green('█'.repeat(full))}${colours.dim('░'.repeat(room - full))}  ${tail}`
}

function ofTotal({ total = 0, totalIsEstimate }: ProgressSnapshot): string {
  return `${totalIsEstimate ? '~' : ''}${formatCount(total)}`
}

function pace({ ratePerS, etaMs }: ProgressSnapshot): string[] {
  return [formatRate(ratePerS), ...(etaMs === undefined ? [] : [`ETA ${formatDuration(etaMs)}`])]
}

/** Never 100 % before all is done. */
function percent(done: number, total: number): string {
  return `${Math.min(100, Math.floor((done / total) * 100))}%`
}

function countParts({ succeeded, waiting, held, quarantined, skipped, running }: ProgressSnapshot): [string, number][] {
  return [
    ['ok', succeeded],
    ['waiting', waiting],
    ['held', held],
    ['quarantined', quarantined],
    ...(skipped > 0 ? [['skipped', skipped] as [string, number]] : []),
    ['running', running],
  ]
}

function countLine(snapshot: ProgressSnapshot, columns: number, colours: Colours): string {
  const paint: { [name: string]: Colours['red'] } = {
    ok: colours.green,
    waiting: colours.yellow,
    held: colours.yellow,
    quarantined: colours.red,
  }
  const parts = countParts(snapshot)
  const long = parts.map(([name, count]) => `${name} ${formatCount(count)}`)
  const short = parts.map(
    ([name, count]) =>
      `${name === 'quarantined' ? 'quar' : name === 'waiting' ? 'wait' : name === 'running' ? 'run' : name === 'skipped' ? 'skip' : name} ${shortCount(count)}`,
  )
  const [texts, gap] = textWidth(long.join(' · ')) <= columns ? [long, ' · '] : [short, ' ']
  // Running, then skipped, tell least: they go first when there is no room.
  while (texts.length > 1 && textWidth(texts.join(gap)) > columns) texts.pop()
  return texts
    .map((text, i) => (parts[i]![1] > 0 ? (paint[parts[i]![0]] ?? colours.bold)(text) : colours.dim(text)))
    .join(gap)
}

function breakerLines({ breakers }: ProgressSnapshot): string[] {
  return breakers
    .filter((breaker) => breaker.phase !== 'closed')
    .map(({ name, phase, held, nextProbeInMs }) => {
      const probe = nextProbeInMs === undefined ? '' : `, next probe in ${formatDuration(Math.max(0, nextProbeInMs))}`
      const waiting = held === undefined ? '' : `, ${formatCount(held)} held`
      return `⊘ ${terminalText(name)} ${terminalText(phase)}${waiting}${probe}`
    })
}

function groupLines(groups: ProgressSnapshot['groups'], columns: number): string[] {
  const width = Math.max(0, ...groups.map((group) => shortCount(group.count).length))
  return groups.map((group) =>
    fitText(`${padText(shortCount(group.count), width, true)}× ${group.id} ${terminalText(group.title)}`, columns),
  )
}
