import { looksSecret } from './looks-secret.ts'
import { isOnlyMarks, redactedMark } from './mark.ts'
import { maskMatches } from './mask-matches.ts'
import { keyNames, nameEnd, tokenNames } from './secret-names.ts'

const quote = String.raw`(?:\\{0,4}["'\x60]|%22|%27|&quot;|&#34;)`
// `user[password]=`, `password is:`, `API key provided:` too.
const separator = String.raw`(?:\]|\[\]|%5D|%5B%5D)?(?:\s{1,4}(?:is|was|provided|given|used))?\s{0,8}(?:=>|:=|[:=]|%3[AaDd])\s{0,8}[[(]?\s{0,4}`
const bare = String.raw`[^\s"'\x60&,;<>]{1,16000}`
// Up to the same quote, the end of the line, or the bound: a message that was cut has no closing quote. Three backslashes
// and a quote are an escaped quote inside a text that is itself quoted.
const quoted = String.raw`(?:\\{3}["']|(?!\k<q>)(?:\\[^\r\n]|[^\\\r\n]|\\$)){1,16000}`
const queryNames = '(?<=[?&;])(?:sig|signature|x-amz-signature|x-goog-signature|auth)'

const assignment = new RegExp(
  `(?:(?<key>${keyNames}|${queryNames})|${tokenNames})${nameEnd}(?<separator>${quote}?${separator})` +
    `(?:(?<q>${quote})(?<quoted>${quoted})|(?<bare>${bare}))`,
  'gi',
)

interface Assignment {
  readonly key?: string
  readonly separator: string
  readonly q?: string
  readonly quoted?: string
  readonly bare?: string
}

const flag = maskMatches(
  'assigned',
  new RegExp(
    String.raw`(?<before>(?<![-\w])--[\w-]{0,40}?(?:${keyNames}|${tokenNames})\s{1,4}(?:\\?["'])?)(?<secret>[^\s"'-][^\s"']{0,4000})`,
    'gi',
  ),
  (secret) => looksSecret(secret, { isToken: false, isQuoted: false, isProse: true }),
)

const element = maskMatches(
  'assigned',
  new RegExp(
    String.raw`(?<before><[\w:.-]{0,60}?(?:${keyNames}|${tokenNames})(?:\s[^<>]{0,200})?>)(?<secret>[^<]{1,16000})(?=<)`,
    'gi',
  ),
  (secret) => secret.trim() !== '',
)

const statement = maskMatches(
  'assigned',
  /(?<before>\b(?:identified\s{1,4}by(?:\s{1,4}password)?|password)\s{1,4}["'])(?<secret>[^"'\r\n]{1,4000})/gi,
)

const formField = maskMatches(
  'assigned',
  new RegExp(
    String.raw`(?<before>name=\\?"[\w.[-]{0,40}?(?:${keyNames}|${tokenNames})\]?\\?"(?:\r?\n|\\r\\n){2})` +
      String.raw`(?<secret>(?:\\(?![rn])|[^\r\n\\]){1,16000})`,
    'gi',
  ),
)

const userFlag = maskMatches(
  'assigned',
  /(?<before>(?<![^\s"'])(?:-u|--user|--proxy-user)[ =]{1,4}["']?[^\s:"']{1,100}:)(?<secret>[^\s"']{1,1000})/g,
  (secret) => !/^\d{1,6}$/.test(secret),
)

const inSentence = maskMatches(
  'assigned',
  new RegExp(
    `(?<before>\\b(?:${keyNames}|${tokenNames})\\s{1,4}(?:is\\s{1,4})?)(?<secret>[A-Za-z0-9_~+/=-]{16,4000})`,
    'gi',
  ),
  (secret) => /\d/.test(secret) && /[A-Za-z]/.test(secret),
)

/** Masks what is assigned to names like `password`: in text, JSON, query strings, flags, XML elements, SQL. */
export function replaceAssignments(text: string): string {
  text = inSentence(text.replace(assignment, maskAssignment))
  if (text.includes('name=')) text = formField(text)
  if (text.includes('-u')) text = userFlag(text)
  if (text.includes('--')) text = flag(text)
  if (text.includes('</')) text = element(text)
  return /["']/.test(text) ? statement(text) : text
}

function maskAssignment(match: string, ...rest: unknown[]): string {
  const parts = rest.at(-1) as Assignment
  const value = parts.quoted ?? parts.bare ?? ''
  const isSecret = looksSecret(value, {
    isToken: parts.key === undefined,
    isQuoted: parts.quoted !== undefined,
    isProse: /^\s|\s$/.test(parts.separator),
  })
  if (isOnlyMarks(value) || !isSecret) return match
  const tail = parts.quoted === undefined ? closing(value) : ''
  return match.slice(0, match.length - value.length) + redactedMark('assigned') + tail
}

/** Brackets at the end of a bare value belong to the text around it. */
function closing(value: string): string {
  let from = value.length
  while (from > 1 && ')]}'.includes(value[from - 1]!)) from--
  return value.slice(from)
}
