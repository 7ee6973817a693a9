import { nearest } from '../model/did-you-mean.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { commandAliases, commandTable } from './command-table.ts'
import { commandPage, groupPage, overview } from './help-text.ts'
import { topicNames, topicPage } from './topics.ts'

/** The page for these words. Throws RD-1701 with the nearest ones. */
export function helpOn(words: readonly string[]): string {
  const [first = '', ...rest] = words
  if (first === '') return overview()
  const topic = topicNames.find((name) => name === first)
  if (topic) return topicPage(topic)
  const name = [commandAliases[first] ?? first, ...rest].join(' ')
  const row = commandTable.find((candidate) => candidate.name === name)
  if (row) return commandPage(row)
  const group = commandTable.filter((candidate) => candidate.name.startsWith(`${name} `))
  if (group.length > 0) return groupPage(name, group)
  const near = nearest(name, [...topicNames, ...commandTable.map((candidate) => candidate.name)])
  throw new RedriveError('RD-1701', {
    what: `There is no help on ${JSON.stringify(name.slice(0, 64))}.`,
    fix: near
      ? `Did you mean redrive help ${near}?`
      : `Topics are ${topicNames.join(', ')}; commands are listed by redrive help.`,
  })
}
