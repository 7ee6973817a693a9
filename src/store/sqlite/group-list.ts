import type { QueryNode } from '../../model/query.ts'
import type { ErrorGroup, Letters } from '../letters.ts'
import type { Page, Paged } from '../page.ts'
import { asksFor, compileQuery } from './compile-query.ts'
import type { Connection } from './connection.ts'
import { badCursor, pageLimit, toPage } from './page.ts'
import { letterColumns } from './query-columns.ts'

const columns = `g.id, g.fingerprint, g.title, g.type, g.disposition, g.failures, coalesce(n.letters, 0) as letters,
  g.first_seen_at_ms as firstSeenAtMs, g.last_seen_at_ms as lastSeenAtMs`

export function createGroups(connection: Connection): Pick<Letters, 'groups' | 'group'> {
  return {
    groups: (query, page) => connection.read(() => listGroups(connection, query, page)),
    group: (id) =>
      connection.read(() => {
        const sql = `select ${columns} from error_groups g left join
          (select group_id, count(*) as letters from letters where group_id = ?1 and state = 'quarantined') n on n.group_id = g.id where g.id = ?1`
        const row = connection.statement(sql).get(id)
        return row ? ({ ...row } as unknown as ErrorGroup) : undefined
      }),
  }
}

/** Without a query all groups, with the letters they have in quarantine; with one those that have letters it matches. */
function listGroups(connection: Connection, query: QueryNode | undefined, page: Page): Paged<ErrorGroup> {
  const limit = pageLimit(page)
  const where = compileQuery(query, letterColumns, page.nowMs)
  const state = asksFor(query, 'state') ? 'true' : `l.state = 'quarantined'`
  // Without a query the index alone gives the counts.
  const from = query
    ? 'letters l join letter_details d on d.letter = l.no join batches b on b.no = l.batch'
    : 'letters l'
  const counts = `select l.group_id, count(*) as letters from ${from} where ${state} and ${where.sql} group by l.group_id`
  const after = parseCursor(page.after)
  const sql = `select * from (select ${columns} from error_groups g ${query ? '' : 'left '}join (${counts}) n on n.group_id = g.id)
    where (letters, failures) < (?, ?) or ((letters, failures) = (?, ?) and id > ?) order by letters desc, failures desc, id limit ?`
  const { letters, failures, id } = after
  const rows = connection.passing(sql).all(...where.params, letters, failures, letters, failures, id, limit + 1)
  const groups = rows.map((row) => ({ ...row }) as unknown as ErrorGroup)
  return toPage(groups, limit, { answer: (row) => row, cursor: (row) => `${row.letters}.${row.failures}.${row.id}` })
}

function parseCursor(after: string | undefined): {
  readonly letters: number
  readonly failures: number
  readonly id: string
} {
  if (after === undefined) return { letters: Number.MAX_SAFE_INTEGER, failures: 0, id: '' }
  const found = /^(\d+)\.(\d+)\.(.+)$/s.exec(after)
  if (!found) throw badCursor(after)
  return { letters: Number(found[1]), failures: Number(found[2]), id: found[3]! }
}
