import type { AttemptRecord } from '../../model/attempt.ts'
import type { LetterRecord, PayloadVersion } from '../../model/letter.ts'
import { redactText } from '../../redact/redact-text.ts'
import { terminalBlock, terminalText } from '../../report/terminal-text.ts'
import type { LineageEntry } from '../../store/letters.ts'
import type { Call, Command } from '../command.ts'
import { attemptJson, attemptLines, errorJson, errorLine } from '../failure-json.ts'
import { findLetter } from '../find-letter.ts'
import { letterJson } from '../letter-json.ts'
import { shortTime } from '../moments.ts'
import { payloadJson } from '../payload-json.ts'
import { section, sheet } from '../sheet.ts'

/** `redrive quarantine show ID`: all that is known of a dead letter; the payload is the redacted copy. */
export const quarantineShow: Command = async (call) => {
  const ledger = await call.store()
  const letter = await findLetter(ledger, call.args[0]!)
  const [versions, attempts, lineage] = await Promise.all([
    ledger.letters.versions(letter.id),
    ledger.runs.attempts(letter.batchId, letter.position),
    ledger.letters.lineage(letter.id),
  ])
  const whole: Whole = { letter, newest: versions.at(-1), attempts, lineage }
  await call.output.page(showJson(whole), { text: () => showText(whole, call) })
  await call.talk.next(...nextOf(letter))
  return 0
}

interface Whole {
  readonly letter: LetterRecord
  readonly newest: PayloadVersion | undefined
  readonly attempts: readonly AttemptRecord[]
  readonly lineage: readonly LineageEntry[]
}

function showJson({ letter, newest, attempts, lineage }: Whole): object {
  const { id, batchId, job, position, key, stage, dependency, raw, error, ...rest } = letterJson(letter, lineage)
  const rawText = rawShown(newest, raw)
  const { payloadVersion, line, byte, lineage: history, ...others } = rest
  return {
    id,
    batchId,
    job,
    position,
    key,
    ...(stage === undefined ? {} : { stage }),
    ...(dependency === undefined ? {} : { dependency }),
    payload: payloadJson(newest),
    payloadVersion,
    ...(rawText === undefined ? {} : { raw: rawText }),
    ...(line === undefined ? {} : { line }),
    ...(byte === undefined ? {} : { byte }),
    error: { ...error, causes: letter.failure.causes.map(errorJson) },
    attempts: attempts.map(attemptJson),
    ...others,
    lineage: history,
  }
}

/** The text of a row as people may see it: what the ledger keeps to be read again is verbatim, or encrypted. */
function rawShown(newest: PayloadVersion | undefined, asRead: string | undefined): string | undefined {
  if (newest?.raw === undefined || newest.version === 1) return asRead
  return /^1:[\w.-]{1,32}:[\w-]+$/.test(newest.raw) ? '(encrypted)' : redactText(newest.raw)
}

function showText({ letter, newest, attempts, lineage }: Whole, { output: { colours } }: Call): string {
  const { classification: is, failure } = letter
  const raw = rawShown(newest, letter.raw)
  const payload = payloadJson(newest)
  const place = [
    letter.line === undefined ? undefined : `line ${letter.line}`,
    letter.byte === undefined ? undefined : `byte ${letter.byte}`,
  ]
    .filter(Boolean)
    .join(', ')
  const lines = [
    `${colours.bold(letter.id)}  ${colours.red(`${is.type}, ${is.disposition}, ${is.severity}`)}  ${letter.state}, view ${letter.view}`,
    ...terminalBlock(errorLine(failure)).split('\n'),
    '',
    ...sheet([
      [
        'Item',
        `${letter.batchId}:${letter.position}${letter.key ? `  key ${letter.key}` : ''}${place ? `  ${place}` : ''}`,
      ],
      [
        'Job',
        `${letter.job}${letter.stage ? `, stage ${letter.stage}` : ''}${letter.dependency ? `, calls ${letter.dependency}` : ''}`,
      ],
      ['Group', letter.group],
      ['Why', `${is.why} (${is.by}, confidence ${is.confidence})`],
      ['Say', letter.userMessage],
      ['Blocked', letter.ineligible],
      ['Stopped', letter.stopped ? 'it stopped its batch' : undefined],
      ['Operation', letter.operation],
    ]),
    ...section('What to do', terminalBlock(letter.instructions).split('\n')),
    ...section(
      'Causes',
      failure.causes.map((cause, i) => terminalText(`${i + 1}. ${errorLine(cause)}`)),
    ),
    ...(newest && (newest.body !== null || newest.shown !== undefined)
      ? section(`Payload, version ${newest.version}`, terminalBlock(JSON.stringify(payload, undefined, 2)).split('\n'))
      : []),
    ...(raw === undefined ? [] : section('Raw text', terminalBlock(raw).split('\n'))),
    ...section('Attempts', attemptLines(attempts).map(terminalText)),
    ...section(
      'History',
      lineage.map((entry) => terminalText(lineageLine(entry))),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function lineageLine({ atMs, what, generation, by, reason, operation, detail }: LineageEntry): string {
  const why = [detail, reason, operation].filter(Boolean).join(', ')
  return `${shortTime(atMs)}  ${what}, generation ${generation}, by ${by}${why ? `: ${why}` : ''}`
}

function nextOf({ id, state, ineligible }: LetterRecord): string[] {
  if (state === 'quarantined')
    return ineligible
      ? [`redrive quarantine edit ${id}`, `redrive quarantine discard ${id} --reason TEXT`]
      : [`redrive quarantine retry ${id}`, `redrive quarantine edit ${id}`]
  return []
}
