import { nearest } from '../../model/did-you-mean.ts'
import { type ErrorCode, type ErrorRow, errorTable } from '../../model/error-table.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import type { Command } from '../command.ts'
import { sheet } from '../sheet.ts'

/** `redrive explain RD-1234`: what an error of redrive's own means and what to do. */
export const explain: Command = async ({ args, output }) => {
  const code = codeOf(args[0]!)
  const { title, meaning, fix, exitCode, retryable }: ErrorRow = errorTable[code]
  await output.page(
    { code, title, meaning, fix, exitCode, retryable },
    {
      text: () => {
        const lines = [
          output.colours.bold(`${code}: ${title}`),
          '',
          meaning,
          '',
          ...sheet([
            ['Fix', fix],
            ['Exit code', String(exitCode)],
            ['Again?', retryable ? 'the same call can succeed later, unchanged' : 'not without a change'],
          ]),
        ]
        return `${lines.join('\n')}\n`
      },
    },
  )
  return 0
}

function codeOf(text: string): ErrorCode {
  const digits = /^(?:rd-?)?(\d{4})$/i.exec(text)?.[1]
  const code = digits ? `RD-${digits}` : text
  if (Object.hasOwn(errorTable, code)) return code as ErrorCode
  const near = nearest(code, Object.keys(errorTable))
  throw new RedriveError('RD-1701', {
    what: `There is no error code ${JSON.stringify(text.slice(0, 40))}.`,
    fix: near
      ? `Did you mean redrive explain ${near}?`
      : 'Codes are RD- and four digits, as errors print them: redrive explain RD-1501.',
  })
}
