import type { Classification, ErrorType } from '../model/classification.ts'
import type { CapturedFailure } from '../model/failure.ts'

const userMessageCharsMax = 200

/** What an operator does next; `ID` stands for the dead letter's id. */
const steps: { readonly [Type in ErrorType]: readonly string[] } = {
  network: ['See whether the service answers: redrive breakers list', 'When it does: redrive quarantine retry ID'],
  timeout: ['See what is slow, or raise the timeout in the job file', 'Then: redrive quarantine retry ID'],
  filesystem: [
    'Check path, rights and free space on the machine that ran the item',
    'Then: redrive quarantine retry ID',
  ],
  memory: [
    'Make the item smaller, or give the process more memory (NODE_OPTIONS=--max-old-space-size=MB)',
    'Then: redrive quarantine retry ID',
  ],
  validation: [
    'Correct the value: redrive quarantine edit ID --set PATH=VALUE',
    'Then: redrive quarantine retry ID',
    'Or give it up: redrive quarantine discard ID --reason TEXT',
  ],
  parsing: [
    'Repair the text: redrive quarantine edit ID --raw TEXT (or --set PATH=VALUE)',
    'Then: redrive quarantine retry ID',
    'Or give it up: redrive quarantine discard ID --reason TEXT',
  ],
  schema: [
    'Bring code and declared structure to the same version (run the missing migration)',
    "Then, for all alike: redrive quarantine retry --where 'type:schema'",
  ],
  auth: [
    'Correct credentials or rights of the job',
    "Then, for all alike: redrive quarantine retry --where 'type:auth'",
  ],
  rate_limit: [
    'Lower the rate (redrive run … --rate N/s) or ask for a higher limit',
    'Then: redrive quarantine retry ID',
  ],
  conflict: [
    'See whether the record is there already; if it is: redrive quarantine discard ID --reason duplicate',
    'Else: redrive quarantine retry ID',
  ],
  dependency: ['See the health of the service: redrive breakers list', 'When it is well: redrive quarantine retry ID'],
  business: [
    'Correct the item: redrive quarantine edit ID --set PATH=VALUE, then redrive quarantine retry ID',
    'Or accept the refusal: redrive quarantine discard ID --reason TEXT',
  ],
  system: ['Read the error: redrive quarantine show ID', 'Fix the handler, then: redrive quarantine retry ID'],
  unknown: [
    'Read the error: redrive quarantine show ID',
    'Add a rule for it to the job file, so that the next one is handled by itself',
    'Then: redrive quarantine retry ID',
  ],
}

/** For an end user: what happened, and what to do. Nothing of the error's own text. */
const sentences: { readonly [Type in ErrorType]: string } = {
  network: 'A service that we need could not be reached. Please try again later; nothing is lost.',
  timeout: 'This took too long and was stopped. Please try again later; nothing is lost.',
  filesystem: 'A file that we need could not be read or written. Please check that it is there, or contact support.',
  memory: 'This record is too large to be processed. Please split it into smaller parts and send them again.',
  validation: 'Some of the data is not accepted. Please correct it and send it again.',
  parsing: 'The file or record could not be read. Please check its format and send it again.',
  schema: 'Our system is not ready for this kind of data yet. Please contact support.',
  auth: 'We are not allowed to do this at the moment. Please contact support.',
  rate_limit: 'Too many requests at once. Please wait a few minutes; it will be tried again.',
  conflict:
    'The record was changed or created by someone else. Please check it and send it again if it is still needed.',
  dependency: 'A service that we need has a problem. Please try again later; nothing is lost.',
  business: 'This request cannot be carried out as it stands. Please check its details and send it again.',
  system: 'Something on our side went wrong. Please contact support.',
  unknown: 'Something unexpected happened. Please try again later, or contact support if it stays.',
}
const expired = 'The sign-in to a service has expired. Please try again in a few minutes; nothing is lost.'
const exists = 'A record like this is there already. Please check whether it was sent twice.'

/**
 * Recovery instructions for an operator (several lines, with the commands; `ID` stands for the dead letter's id) and a sentence
 * for an end user: at most 200 characters, with a next step, nothing of the error's own text but the names of refused fields.
 */
export function instructionsFor(
  classification: Classification,
  failure: CapturedFailure,
): { instructions: string; userMessage: string } {
  const fields = refusedFields(failure)
  const lines = [classification.recommended]
  if (fields.length > 0) lines.push(`Refused fields: ${fields.join(', ')}`)
  const place = steps[classification.type].map((step, position) => `${position + 1}. ${fillPath(step, fields)}`)
  if (classification.disposition === 'fatal')
    place.push(`${place.length + 1}. When the cause is gone, go on with the rest: redrive run JOB_FILE`)
  return { instructions: [...lines, ...place].join('\n'), userMessage: userMessageOf(classification, fields) }
}

function fillPath(step: string, fields: readonly string[]): string {
  return fields[0] === undefined ? step : step.replace('PATH=VALUE', `${fields[0]}=VALUE`)
}

function userMessageOf({ type, disposition }: Classification, fields: readonly string[]): string {
  if (type === 'auth' && disposition === 'recoverable') return expired
  if (type === 'conflict' && disposition === 'permanent') return exists
  if (type !== 'validation' || fields.length === 0) return sentences[type]
  const named = `The value of ${fields.slice(0, 3).join(', ')} is not accepted. Please correct it and send it again.`
  return named.length <= userMessageCharsMax ? named : sentences.validation
}

/** Names of the fields that a schema refused, of plain letters only: a message for everybody shows no more. */
function refusedFields(failure: CapturedFailure): readonly string[] {
  const link = [failure, ...failure.causes].findLast((one) => one.details?.['issues'] !== undefined)
  const issues = link?.details?.['issues']
  if (typeof issues !== 'string') return []
  const paths = issues.split('; ').map((issue) => /^([A-Za-z_][\w-]{0,39}(?:\.[\w-]{1,40}){0,5}): /.exec(issue)?.[1])
  return [...new Set(paths.filter((path) => path !== undefined))].slice(0, 5)
}
