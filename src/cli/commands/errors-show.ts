import { nearest } from '../../model/did-you-mean.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import { formatCount } from '../../report/figures.ts'
import { terminalText } from '../../report/terminal-text.ts'
import type { ErrorGroup } from '../../store/letters.ts'
import type { Store } from '../../store/store.ts'
import type { Command } from '../command.ts'
import { groupJson } from '../group-json.ts'
import { letterJson } from '../letter-json.ts'
import { shortTime } from '../moments.ts'
import { section, sheet } from '../sheet.ts'

/** Newest dead letters shown. */
const samples = 5

/** `redrive errors show GROUP`: an error group, why its errors are one, what to do, its newest dead letters. */
export const errorsShow: Command = async ({ args, output, store, world, talk }) => {
  const ledger = await store()
  const group = await findGroup(ledger, args[0]!)
  const { rows: letters } = await ledger.letters.list(
    { op: 'field', field: 'group', test: { is: group.id } },
    { limit: samples, nowMs: world.nowMs() },
  )
  const newest = letters[0]
  const data = {
    ...groupJson(group),
    ...(newest ? { instructions: newest.instructions, why: newest.classification.why } : {}),
    letters: await Promise.all(
      letters.map(async (letter) => letterJson(letter, await ledger.letters.lineage(letter.id))),
    ),
  }
  await output.page(data, {
    text: () => {
      const lines = [
        `${output.colours.bold(group.id)}  ${terminalText(group.title)}`,
        '',
        ...sheet([
          ['Is', `${group.type}, ${group.disposition}`],
          ['Letters', `${formatCount(group.letters)} in quarantine`],
          ['Failures', `${formatCount(group.failures)} attempts`],
          ['Seen', `${shortTime(group.firstSeenAtMs)} to ${shortTime(group.lastSeenAtMs)}`],
          ['Grouped', `by fingerprint ${group.fingerprint}: same type, code and message but for numbers and names`],
          ['Why', newest?.classification.why],
          ['Do', newest?.instructions],
        ]),
        ...section(
          'Newest',
          letters.map((letter) =>
            terminalText(
              `${letter.id}  ${letter.batchId}:${letter.position}  ${letter.key}  ${letter.failure.message}`,
            ),
          ),
        ),
      ]
      return `${lines.join('\n')}\n`
    },
  })
  if (group.letters > 0)
    await talk.next(
      `redrive quarantine list --where group:${group.id}`,
      `redrive quarantine retry --where group:${group.id}`,
    )
  return 0
}

async function findGroup(store: Store, id: string): Promise<ErrorGroup> {
  const group = await store.letters.group(id)
  if (group) return group
  const { rows } = await store.letters.groups(undefined, { limit: 50 })
  const near = nearest(
    id,
    rows.map((row) => row.id),
  )
  throw new RedriveError('RD-1701', {
    what: `There is no error group ${JSON.stringify(id.slice(0, 80))} in ${store.url}.`,
    fix: near ? `Did you mean ${near}? All are listed by redrive errors list.` : 'List them with redrive errors list.',
  })
}
