import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { classifyRecord, type ErrorRecord } from '../../classify/classify.ts'
import type { Classification } from '../../model/classification.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import { plural } from '../../report/figures.ts'
import { terminalText } from '../../report/terminal-text.ts'
import type { Call, Command } from '../command.ts'
import type { ListShape } from '../list-shape.ts'
import { readLines } from '../read-lines.ts'

/**
 * `redrive classify [FILE|-] [--explain]`: errors as JSON lines in, what they are as JSON lines out, in the same order.
 * A line that is no error gives a line `{ "error": … }` in its place, is told on standard error, and makes it exit 2.
 */
export const classify: Command = async (call) => {
  const bad: string[] = []
  const results = async function* () {
    let line = 0
    for await (const text of readLines(inputOf(call))) {
      line++
      if (text !== undefined && text.trim() === '') continue
      const result = resultOf(text, line)
      if ('error' in result) bad.push(result.error.what)
      if (bad.length > 0 && 'error' in result && bad.length <= 20)
        await call.talk.say(terminalText(`line ${line}: ${result.error.what} ${result.error.fix}`))
      yield result
    }
  }
  if (call.own['explain'] === true && call.output.format === 'text' && !call.globals.fields)
    await explainAll(call, results())
  else await call.output.list(shape, results())
  if (bad.length === 0) return 0
  throw new RedriveError('RD-1701', {
    what: `${plural(bad.length, 'line')} of the input could not be read as an error.`,
    fix: 'Each line is a JSON object: {"name":"Error","code":"ECONNRESET","status":503,"message":"…","source":"node"}; all fields are optional.',
  })
}

type Result = Verdict | { readonly error: { readonly line: number; readonly what: string; readonly fix: string } }
interface Verdict extends Classification {
  readonly retryable: boolean
}

function resultOf(text: string | undefined, line: number): Result {
  const read = readRecord(text)
  if ('what' in read) return { error: { line, ...read } }
  const { type, disposition, severity, code, confidence, recommended, by, why } = classifyRecord(read.record)
  const retryable = disposition === 'transient' || disposition === 'recoverable'
  return {
    type,
    disposition,
    severity,
    ...(code === undefined ? {} : { code }),
    retryable,
    confidence,
    recommended,
    by,
    why,
  }
}

function readRecord(
  text: string | undefined,
): { readonly record: ErrorRecord } | { readonly what: string; readonly fix: string } {
  if (text === undefined) return { what: 'It is longer than 1 MiB.', fix: 'Cut the message.' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { what: `It is no JSON: ${(error as Error).message}.`, fix: 'Give one JSON object a line.' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { what: 'It is no JSON object.', fix: 'Give one JSON object a line.' }
  const record = value as { [field: string]: unknown }
  for (const [field, kinds] of fieldKinds) {
    const given = Object.hasOwn(record, field) ? record[field] : undefined
    if (given === undefined || given === null || kinds.includes(typeof given)) continue
    return {
      what: `Its ${field} is a ${Array.isArray(given) ? 'list' : typeof given}.`,
      fix: `${field} is a ${kinds.join(' or ')}.`,
    }
  }
  const { name, code, status, message, source } = record as ErrorRecord
  return {
    record: {
      name: name ?? null,
      code: code ?? null,
      status: status ?? null,
      message: message ?? null,
      source: source ?? null,
    },
  }
}

const fieldKinds: readonly (readonly [string, readonly string[]])[] = [
  ['name', ['string']],
  ['code', ['string', 'number']],
  ['status', ['number']],
  ['message', ['string']],
  ['source', ['string']],
]

async function explainAll({ world, output: { colours } }: Call, results: AsyncIterable<Result>): Promise<void> {
  for await (const result of results) {
    if ('error' in result) {
      await world.stdout.write(`${colours.red(`line ${result.error.line}`)}: ${terminalText(result.error.what)}\n\n`)
      continue
    }
    const head = `${result.type}, ${result.disposition}, ${result.severity}`
    const lines = [
      colours.bold(head),
      `  why  ${result.why} (${result.by}, confidence ${result.confidence})`,
      `  do   ${result.recommended}`,
    ]
    await world.stdout.write(`${lines.map((line, i) => (i === 0 ? line : terminalText(line))).join('\n')}\n\n`)
  }
}

function inputOf({ args, world }: Call): AsyncIterable<Uint8Array | string> {
  const [file] = args
  if (file !== undefined && file !== '-') return fileChunks(resolve(world.cwd, file), file)
  if (file === undefined && world.stdinIsTTY)
    throw new RedriveError('RD-1701', {
      what: 'There is nothing to read: standard input is a terminal.',
      fix: 'Name a file, or pipe JSON lines in: cat errors.ndjson | redrive classify.',
    })
  return world.stdin
}

async function* fileChunks(path: string, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path)
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error
    throw new RedriveError('RD-1201', {
      what: `${name} cannot be read.`,
      why: (error as Error).message,
      fix: 'Check the path: it is relative to the working directory.',
      cause: error,
    })
  }
}

const shape: ListShape<Result> = {
  fields: ['type', 'disposition', 'severity', 'code', 'retryable', 'confidence', 'recommended', 'by', 'why', 'error'],
  columns: [
    { head: 'TYPE', cell: (result) => ('error' in result ? '(no error)' : result.type) },
    { head: 'DISPOSITION', cell: (result) => ('error' in result ? '' : result.disposition) },
    { head: 'WHY', cell: (result) => ('error' in result ? result.error.what : result.why), grow: true },
  ],
  empty: 'The input has no lines.',
  format: 'ndjson',
  streams: true,
}
