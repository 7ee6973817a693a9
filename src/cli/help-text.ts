import type { CommandRow } from './command.ts'
import { commandTable } from './command-table.ts'
import { globalOptions } from './global-options.ts'
import { topicNames } from './topics.ts'

/** The page of `redrive help`. */
export function overview(): string {
  const built = commandTable.filter((row) => row.load)
  const later = commandTable.filter((row) => !row.load).map((row) => row.name)
  return [
    'redrive: batch error handling and recovery. Every item ends in one known state, and nothing is lost.',
    '',
    'Usage: redrive COMMAND [ARGUMENTS] [OPTIONS]',
    '',
    'Commands:',
    ...pairs([
      ...built.map((row) => [usageOf(row), row.summary] as const),
      ['help [WORDS]', 'help on a command or a topic'],
    ]),
    '',
    'Options of every command:',
    ...pairs(globalOptions),
    '',
    `Topics: redrive help ${topicNames.join(', ')}`,
    '',
    `Later: ${later.join(', ')}`,
    '',
  ].join('\n')
}

/** The page of one command. */
export function commandPage(row: CommandRow): string {
  const kept = globalOptions.filter(([flags]) => {
    const name = /^--(where|since|limit|fields)\b/.exec(flags)?.[1]
    return !name || (row.takes as readonly string[] | undefined)?.includes(name)
  })
  return [
    `redrive ${row.name}: ${row.summary}${row.load ? '' : ' (comes with a later version)'}`,
    '',
    `Usage: redrive ${usageOf(row)} [OPTIONS]`,
    ...(row.options ? ['', 'Options:', ...pairs(row.options)] : []),
    '',
    'Options of every command:',
    ...pairs(kept),
    ...(row.examples ? ['', 'Examples:', ...row.examples.map((example) => `  ${example}`)] : []),
    '',
  ].join('\n')
}

/** The page of a group: `redrive help quarantine`. */
export function groupPage(group: string, rows: readonly CommandRow[]): string {
  const line = (row: CommandRow) => [usageOf(row), row.load ? row.summary : `${row.summary} (later)`] as const
  return [`redrive ${group}`, '', ...pairs(rows.map(line)), ''].join('\n')
}

function usageOf(row: CommandRow): string {
  const args =
    row.args?.replace(/[<>]/g, '').replace(/[a-z-]+/g, (word) => word.toUpperCase().replaceAll('-', '_')) ?? ''
  return args ? `${row.name} ${args}` : row.name
}

function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(30, Math.max(...rows.map(([name]) => name.length)))
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
}
