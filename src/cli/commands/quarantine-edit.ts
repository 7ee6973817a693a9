import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { payloadLimitBytes } from '../../model/payload-codec.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import type { EditedLetter, LetterEdit } from '../../open/edit-letter.ts'
import { type FieldEdit, type PayloadChange, parseFieldEdit, parseValue } from '../../quarantine/edit-payload.ts'
import { formatCount } from '../../report/figures.ts'
import { terminalText } from '../../report/terminal-text.ts'
import { withLedger } from '../act-ledger.ts'
import { actorOf } from '../actor.ts'
import type { Call, Command } from '../command.ts'
import { findLetter } from '../find-letter.ts'
import { plainJson } from '../payload-json.ts'

/** Changes that are listed for people; JSON has all. */
const changesShown = 50

/** `redrive quarantine edit ID`: adds a version to the payload of a dead letter, if its source accepts it. */
export const quarantineEdit: Command = (call) =>
  withLedger(call, async (store) => {
    const { args, own, world, output, talk } = call
    const { id } = await findLetter(store, args[0]!)
    const edit = await readEdit(call, id)
    const { editLetter } = await import('../../open/edit-letter.ts')
    const edited = await editLetter({
      store,
      letterId: id,
      edit,
      actor: actorOf(world),
      cwd: world.cwd,
      check: own['check'] !== false,
      plain: plainJson,
      ...(own['reason'] !== undefined && { reason: String(own['reason']) }),
      ...(own['job'] !== undefined && { jobFile: String(own['job']) }),
    })
    const { version, key, checked, changes } = edited
    const data = {
      schema: 1,
      id,
      payloadVersion: version,
      key,
      checked: checked === true,
      ...(checked === true ? {} : { notChecked: checked }),
      changes,
    }
    await output.page(data, { text: () => textOf(id, edited, call) })
    if (checked !== true && own['check'] !== false)
      await talk.say(`! Not checked against the source's schema: ${terminalText(checked)}`)
    await talk.next(`redrive quarantine retry ${id}`, `redrive quarantine show ${id}`)
    return 0
  })

async function readEdit({ own, world }: Call, id: string): Promise<LetterEdit> {
  const given = ['set', 'file', 'raw'].filter((name) => own[name] !== undefined)
  if (given.length > 1)
    throw new RedriveError('RD-1701', { what: `--${given.join(' and --')} exclude each other.`, fix: 'Say which one.' })
  switch (given[0]) {
    case 'set':
      return { kind: 'set', fields: (own['set'] as string[]).map(readField) }
    case 'file':
      return { kind: 'whole', value: await readDocument(String(own['file']), world) }
    case 'raw':
      return { kind: 'raw', text: String(own['raw']) }
    default:
      throw new RedriveError('RD-1911', {
        what: 'Editing in $EDITOR is not built yet.',
        fix: `Say what to change: redrive quarantine edit ${id} --set PATH=VALUE, or --file FILE with the whole payload as JSON, or --raw TEXT for a row that could not be read.`,
      })
  }
}

function readField(word: string): FieldEdit {
  const parsed = parseFieldEdit(word)
  if (parsed.ok) return parsed.value
  throw new RedriveError('RD-1603', { what: `--set can't be done: ${parsed.why}` })
}

async function readDocument(name: string, world: Call['world']): Promise<unknown> {
  const text = name === '-' ? await readAll(world.stdin) : readFile(resolve(world.cwd, name), name)
  const parsed = parseValue(text)
  if (parsed.ok) return parsed.value
  throw new RedriveError('RD-1603', {
    what: `${name === '-' ? 'Standard input' : name} ${parsed.why}`,
    fix: 'Give the whole payload as one JSON document: `redrive quarantine show ID --json` has it under `payload`.',
  })
}

function readFile(path: string, name: string): string {
  try {
    if (statSync(path).size > payloadLimitBytes)
      throw new Error(`it is larger than ${formatCount(payloadLimitBytes)} bytes`)
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new RedriveError('RD-1101', {
      what: `--file ${name} can't be read: ${(cause as Error).message}`,
      fix: 'Give a file of JSON, or - for standard input.',
      cause,
    })
  }
}

async function readAll(stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (text.length > payloadLimitBytes)
      throw new RedriveError('RD-1101', {
        what: `Standard input is larger than ${formatCount(payloadLimitBytes)} bytes.`,
        fix: 'Give one payload.',
      })
  }
  return text
}

function textOf(id: string, { version, checked, changes }: EditedLetter, { output: { colours } }: Call): string {
  const said = checked === true ? ', accepted by the source' : ''
  const lines = [`${id} has payload version ${version}${said}.`]
  for (const change of changes.slice(0, changesShown)) lines.push(...changeLines(change, colours))
  if (changes.length > changesShown)
    lines.push(`  and ${formatCount(changes.length - changesShown)} more; --json has all`)
  if (changes.length === 0) lines.push('  nothing differs from the version before')
  return `${lines.join('\n')}\n`
}

function changeLines({ at, before, after, masked }: PayloadChange, colours: Call['output']['colours']): string[] {
  const place = terminalText(at === '' ? '(payload)' : at)
  if (masked) return [`  ${place}: ${shown(after)}, another value`]
  const lines = [`  ${place}:`]
  if (before !== undefined) lines.push(`    ${colours.red(`- ${shown(before)}`)}`)
  if (after !== undefined) lines.push(`    ${colours.green(`+ ${shown(after)}`)}`)
  return lines
}

function shown(value: unknown): string {
  return terminalText(JSON.stringify(value) ?? 'undefined').slice(0, 2_000)
}
