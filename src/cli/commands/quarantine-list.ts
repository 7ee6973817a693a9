import type { LetterRecord } from '../../model/letter.ts'
import { allPages } from '../all-pages.ts'
import type { Command } from '../command.ts'
import { type LetterJson, letterFields, letterJson } from '../letter-json.ts'
import type { ListShape } from '../list-shape.ts'
import { shortTime } from '../moments.ts'

/** `redrive quarantine list`: dead letters, newest first; resolved ones only if the query names a state. */
export const quarantineList: Command = async ({ output, store, query, globals, world, talk }) => {
  const ledger = await store()
  const page = { limit: Math.min(1_000, (globals.limit ?? 1_000) + 1), nowMs: world.nowMs() }
  const withLineage =
    output.format !== 'text' && output.format !== 'md'
      ? (globals.fields?.some((name) => name.startsWith('lineage')) ?? true)
      : false
  let newest: LetterRecord | undefined
  const lines = async function* () {
    for await (const letter of allPages((next) => ledger.letters.list(query, next), page)) {
      newest ??= letter
      yield letterJson(letter, withLineage ? await ledger.letters.lineage(letter.id) : [])
    }
  }
  await output.list(shape, lines())
  if (newest)
    await talk.next(
      `redrive quarantine show ${newest.id}`,
      newest.ineligible ? `redrive quarantine edit ${newest.id}` : `redrive quarantine retry ${newest.id}`,
    )
  return 0
}

const shape: ListShape<LetterJson> = {
  fields: letterFields,
  columns: [
    { head: 'ID', cell: ({ id }) => id },
    { head: 'ITEM', cell: ({ batchId, position }) => `${batchId}:${position}`, spare: true },
    { head: 'KEY', cell: ({ key }) => key, grow: true },
    { head: 'TYPE', cell: ({ classification }) => (classification as { type: string }).type },
    { head: 'GROUP', cell: ({ group }) => group, spare: true },
    { head: 'TRIES', cell: ({ attemptCount }) => String(attemptCount), right: true, spare: true },
    { head: 'SINCE', cell: ({ createdAt }) => shortTime(Date.parse(createdAt)), spare: true },
    { head: 'ERROR', cell: ({ error }) => error.message, grow: true },
  ],
  empty: 'There are no such dead letters.',
}
