import { nearest } from '../model/did-you-mean.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { CommandRow } from './command.ts'
import { commandAliases, commandTable, defaultVerbs } from './command-table.ts'
import { valueOptions } from './global-options.ts'

/** What the words of a command line ask for. */
export type Found =
  | {
      readonly kind: 'command'
      readonly row: CommandRow /** Without the command's own words. */
      readonly rest: readonly string[]
    }
  | { readonly kind: 'help' /** Words to help on; none for all. */; readonly words: readonly string[] }
  | { readonly kind: 'version' }

/** Finds the command in a command line; options may stand before it. Throws RD-1701 with the nearest one. */
export function findCommand(argv: readonly string[]): Found {
  const end = argv.indexOf('--')
  const options = end < 0 ? argv : argv.slice(0, end)
  const wantsHelp = options.includes('--help') || options.includes('-h')
  const [first, second] = wordsOf(argv)
  if (first === undefined) {
    if (options.includes('--version')) return { kind: 'version' }
    const odd = wantsHelp ? undefined : argv.find((word) => !isGlobal(word))
    if (odd !== undefined)
      throw new RedriveError('RD-1701', {
        what: `There is no option ${odd} without a command.`,
        fix: 'See `redrive help`.',
      })
    return { kind: 'help', words: [] }
  }
  if (first.word === 'help')
    return { kind: 'help', words: argv.slice(first.at + 1).filter((word) => !word.startsWith('-')) }
  const name = commandAliases[first.word] ?? first.word
  if (commandTable.some((row) => row.name.startsWith(`${name} `)))
    return inGroup({ argv, name, wantsHelp, first, second })
  const row = commandTable.find((candidate) => candidate.name === name)
  if (!row) throw unknown(first.word, topWords(), '')
  if (wantsHelp) return { kind: 'help', words: [name] }
  return { kind: 'command', row, rest: without(argv, [first.at]) }
}

interface Word {
  readonly word: string
  readonly at: number
}

function inGroup({
  argv,
  name,
  wantsHelp,
  first,
  second,
}: {
  argv: readonly string[]
  name: string
  wantsHelp: boolean
  first: Word
  second: Word | undefined
}): Found {
  const verb = second?.word ?? defaultVerbs[name]
  if (wantsHelp && !second) return { kind: 'help', words: [name] }
  const verbs = commandTable
    .filter((row) => row.name.startsWith(`${name} `))
    .map((row) => row.name.slice(name.length + 1))
  if (verb === undefined)
    throw new RedriveError('RD-1701', {
      what: `redrive ${name} needs a verb.`,
      fix: `Say redrive ${name} ${verbs.join('|')}.`,
    })
  const row = commandTable.find((candidate) => candidate.name === `${name} ${verb}`)
  if (!row) throw unknown(verb, verbs, `${name} `)
  if (wantsHelp) return { kind: 'help', words: row.name.split(' ') }
  return { kind: 'command', row, rest: without(argv, second ? [first.at, second.at] : [first.at]) }
}

/** The first two words that are neither options nor their values. */
function wordsOf(argv: readonly string[]): Word[] {
  const words: Word[] = []
  for (let at = 0; at < argv.length && words.length < 2; at++) {
    const word = argv[at]!
    if (word === '--') break
    if (!word.startsWith('-')) words.push({ word, at })
    else if (valueOptions.has(word)) at++
  }
  return words
}

function isGlobal(word: string): boolean {
  return word === '--help' || word === '-h'
}

function without(argv: readonly string[], places: readonly number[]): string[] {
  return argv.filter((_, at) => !places.includes(at))
}

function topWords(): string[] {
  return [...new Set([...commandTable.map((row) => row.name.split(' ')[0]!), 'help', ...Object.keys(commandAliases)])]
}

function unknown(word: string, known: readonly string[], group: string): RedriveError {
  const near = nearest(word, known)
  return new RedriveError('RD-1701', {
    what: `There is no command ${JSON.stringify(`redrive ${group}${word.slice(0, 64)}`)}.`,
    fix: near ? `Did you mean redrive ${group}${near}?` : `See redrive help${group && ` ${group.trim()}`}.`,
  })
}
