import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { nearest } from '../../model/did-you-mean.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import { noColours } from '../../report/colours.ts'
import { type Report, reportJson } from '../../report/report.ts'
import { reportMarkdown } from '../../report/report-markdown.ts'
import { reportText } from '../../report/report-text.ts'
import type { Call, Command } from '../command.ts'
import { findBatch, reportOf } from '../find-batch.ts'
import { jsonText } from '../json-text.ts'

const formats = ['text', 'json', 'md'] as const
const laterFormats = ['csv', 'html', 'junit']

/** `redrive report BATCH --format text|json|md [--out FILE]`. */
export const report: Command = async (call) => {
  const { args, own, store, world, output, talk } = call
  if (call.globals.since !== undefined) {
    throw new RedriveError('RD-1911', {
      what: 'redrive report --since is not built yet.',
      fix: 'Name one batch: redrive report BATCH. redrive batches --since lists them.',
    })
  }
  if (args[0] === undefined) {
    throw new RedriveError('RD-1701', {
      what: 'redrive report needs a batch.',
      fix: 'Say redrive report BATCH; batches are listed by redrive batches.',
    })
  }
  const format = formatOf(call)
  const ledger = await store()
  const found = await reportOf(ledger, await findBatch(ledger, args[0]), world.nowMs())
  const file = own['out']
  if (typeof file === 'string') {
    writeReport(resolve(world.cwd, file), print(found, format))
    await talk.say(`Written to ${file}.`)
    return 0
  }
  const columns = Math.max(40, output.columns ?? 100)
  await world.stdout.write(
    format === 'text' ? reportText(found, { columns, colours: output.colours }) : print(found, format),
  )
  return 0
}

function formatOf({ own, globals }: Call): (typeof formats)[number] {
  const named = own['format'] === undefined ? undefined : String(own['format'])
  if (named === undefined)
    return globals.format === 'text' ? 'text' : pick(globals.format === 'ndjson' ? 'json' : globals.format)
  return pick(named)
}

function pick(name: string): (typeof formats)[number] {
  const format = formats.find((one) => one === name)
  if (format) return format
  if (laterFormats.includes(name))
    throw new RedriveError('RD-1911', {
      what: `redrive report --format ${name} is not built yet.`,
      fix: `Formats are ${formats.join(', ')}.`,
    })
  const near = nearest(name, formats)
  throw new RedriveError('RD-1701', {
    what: `There is no report format ${JSON.stringify(name)}.`,
    fix: `${near ? `Did you mean ${near}? ` : ''}Formats are ${formats.join(', ')}.`,
  })
}

function print(found: Report, format: (typeof formats)[number]): string {
  switch (format) {
    case 'json':
      return `${jsonText(reportJson(found), true)}\n`
    case 'md':
      return reportMarkdown(found)
    case 'text':
      return reportText(found, { columns: 100, colours: noColours })
  }
}

function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new RedriveError('RD-1101', {
      what: `The report could not be written to ${path}.`,
      why: (error as Error).message,
      fix: 'Give --out a path that may be written.',
      cause: error,
    })
  }
}
