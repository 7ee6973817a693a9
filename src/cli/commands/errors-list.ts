import { formatCount } from '../../report/figures.ts'
import { allPages } from '../all-pages.ts'
import type { Command } from '../command.ts'
import { type GroupJson, groupJson } from '../group-json.ts'
import type { ListShape } from '../list-shape.ts'
import { shortTime } from '../moments.ts'

/** `redrive errors list`: error groups, most dead letters first. */
export const errorsList: Command = async ({ output, store, query, globals, world, talk }) => {
  const ledger = await store()
  const page = { limit: Math.min(1_000, (globals.limit ?? 1_000) + 1), nowMs: world.nowMs() }
  let largest: string | undefined
  const lines = async function* () {
    for await (const group of allPages((next) => ledger.letters.groups(query, next), page)) {
      largest ??= group.id
      yield groupJson(group)
    }
  }
  await output.list(shape, lines())
  if (largest) await talk.next(`redrive errors show ${largest}`, `redrive quarantine retry --where group:${largest}`)
  return 0
}

const shape: ListShape<GroupJson> = {
  fields: ['id', 'title', 'type', 'disposition', 'count', 'failures', 'firstSeenAt', 'lastSeenAt', 'fingerprint'],
  columns: [
    { head: 'GROUP', cell: ({ id }) => id },
    { head: 'LETTERS', cell: ({ count }) => formatCount(count), right: true },
    { head: 'FAILURES', cell: ({ failures }) => formatCount(failures), right: true, spare: true },
    { head: 'TYPE', cell: ({ type }) => type },
    { head: 'DISPOSITION', cell: ({ disposition }) => disposition, spare: true },
    { head: 'LAST SEEN', cell: ({ lastSeenAt }) => shortTime(Date.parse(lastSeenAt)), spare: true },
    { head: 'WHAT', cell: ({ title }) => title, grow: true },
  ],
  empty: 'There are no such errors.',
}
