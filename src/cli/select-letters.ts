import type { LetterState } from '../model/letter.ts'
import type { QueryNode } from '../model/query.ts'
import { RedriveError } from '../model/redrive-error.ts'
import { formatCount, plural } from '../report/figures.ts'
import type { Store } from '../store/store.ts'
import { allPages } from './all-pages.ts'
import type { Call } from './command.ts'
import { findLetter } from './find-letter.ts'
import { readLines } from './read-lines.ts'
import { wholeNumber } from './whole-number.ts'

/** Dead letters that an act is about: chosen once, and never widened after. */
export interface SelectedLetters {
  readonly ids: readonly string[]
  /** Jobs they are of. */
  readonly jobs: readonly string[]
  /** Named one by one, or chosen by a query. */
  readonly byIds: boolean
  /** As it was said, for the record. */
  readonly selection: string
}

/** Letters of one act, at most. */
const lettersMax = 1_000_000

/**
 * The letters of SEL: ids (or items' ids, or `-` for ids on standard input), or those in one of the states that match
 * `--where` and `--since`. Checks `--expect` (RD-1703) and `--require-match` (RD-1704).
 */
export async function selectLetters(
  call: Call,
  store: Store,
  states: readonly LetterState[],
): Promise<SelectedLetters> {
  const { args, own, query, globals } = call
  if (args.length > 0 && query) throw usage('Ids and --where exclude each other.', 'Give ids, or a query.')
  if (args.length === 0 && !query)
    throw usage('Which dead letters?', 'Give their ids, or --where QUERY; see redrive help query.')
  const selected = args.length > 0 ? await byIds(call, store) : await byQuery(call, store, states)
  const count = selected.ids.length
  if (count > lettersMax) throw usage(`More than ${formatCount(lettersMax)} dead letters match.`, 'Narrow the query.')
  const expected =
    own['expect'] === undefined
      ? undefined
      : wholeNumber('--expect', String(own['expect']), { min: 0, max: lettersMax })
  if (expected !== undefined && expected !== count) {
    throw new RedriveError('RD-1703', {
      what: `${plural(count, 'dead letter')} match, not ${formatCount(expected)} as expected. Nothing was changed.`,
      fix: `Look again with redrive quarantine list${globals.where === undefined ? '' : ` --where '${globals.where}'`}, then say --expect ${count}.`,
    })
  }
  if (count === 0 && own['requireMatch']) throw new RedriveError('RD-1704', { what: 'No dead letter matches.' })
  return selected
}

async function byIds({ args, world }: Call, store: Store): Promise<SelectedLetters> {
  const named = args.includes('-') ? [...args.filter((id) => id !== '-'), ...(await idsOf(world.stdin))] : args
  const found = new Map<string, string>()
  for (const id of named) {
    const letter = await findLetter(store, id)
    found.set(letter.id, letter.job)
  }
  const ids = [...found.keys()]
  return {
    ids,
    jobs: [...new Set(found.values())],
    byIds: true,
    selection: `${ids.slice(0, 20).join(' ')}${ids.length > 20 ? ` and ${ids.length - 20} more` : ''}`,
  }
}

/** Ids, one a line, or the lines of `redrive quarantine list --json`. */
async function idsOf(stdin: AsyncIterable<Uint8Array | string>): Promise<string[]> {
  const ids: string[] = []
  for await (const line of readLines(stdin)) {
    const text = line?.trim()
    if (!text) continue
    const id = text.startsWith('{') ? idIn(text) : text
    if (id === undefined)
      throw usage(
        'A line of standard input is no id.',
        'Give an id a line, or the lines of redrive quarantine list --json.',
      )
    ids.push(id)
  }
  return ids
}

function idIn(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text) as { id?: unknown }
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}

async function byQuery(
  { query, globals, world }: Call,
  store: Store,
  states: readonly LetterState[],
): Promise<SelectedLetters> {
  const ofState: QueryNode = { op: 'or', nodes: states.map((is) => ({ op: 'field', field: 'state', test: { is } })) }
  const where: QueryNode = { op: 'and', nodes: [query!, ofState] }
  const ids: string[] = []
  const jobs = new Set<string>()
  for await (const letter of allPages((page) => store.letters.list(where, page), { nowMs: world.nowMs() })) {
    ids.push(letter.id)
    jobs.add(letter.job)
    if (ids.length > lettersMax) break
  }
  const said = [globals.where, globals.since === undefined ? undefined : `since ${globals.since}`].filter(Boolean)
  return { ids, jobs: [...jobs], byIds: false, selection: said.join(' ') }
}

function usage(what: string, fix: string): RedriveError {
  return new RedriveError('RD-1701', { what, fix })
}
