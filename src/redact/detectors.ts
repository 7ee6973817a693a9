import { replaceAssignments } from './detect-assignments.ts'
import { replaceCards } from './detect-cards.ts'
import { replaceKeys } from './detect-pem.ts'
import { replaceTokens } from './detect-tokens.ts'
import { isBasicCredential, looksRandom } from './looks-secret.ts'
import { type Detector, maskMatches } from './mask-matches.ts'

// Every pattern is linear: a run is entered at one place only (lookbehind), or the match takes the run with it, or it is
// bounded by a small number. Values take marks along, so that what follows a mark inside a value is not left in clear.

const header = String.raw`(?:\\{0,4}["'\x60])?\s{0,8}(?:=>|[:=,]|%3[AaDd])\s{0,8}\[?\s{0,4}(?:\\{0,4}["'\x60])?`

const authorization = maskMatches(
  'authorization',
  new RegExp(
    `(?<before>authorization${header}` +
      String.raw`(?<name>(?:bearer|basic|token|apikey|negotiate|ntlm)\s{1,4}|(?=(?:digest|aws4-hmac-sha256)\s))?)` +
      String.raw`(?<secret>(?:digest|aws4-hmac-sha256)\s(?:\\[^\r\n]|[^\r\n'\\]){1,4000}|[^\s"'\x60<>,;\\]{1,16000})`,
    'gi',
  ),
  (secret, { name }) => name !== undefined || looksRandom(secret),
)

const cookie = maskMatches(
  'cookie',
  new RegExp(String.raw`(?<before>cookie2?${header})(?<secret>[^\r\n"'\\]{3,16000})`, 'gi'),
  (secret) => /[^\s=;,]=[^\s=;,]/.test(secret),
)

const bearer = maskMatches(
  'bearer',
  /(?<before>\bbearer(?:\s{1,4}|:\s{0,4}|%20))(?<secret>[A-Za-z0-9._~+/=-]{8,16000})/gi,
  (secret) => looksRandom(secret),
)

const basic = maskMatches(
  'basic-auth',
  /(?<before>\bbasic\s{1,4})(?<secret>[A-Za-z0-9+/=_-]{6,4000})/gi,
  isBasicCredential,
)

const webhook = maskMatches(
  'slack-webhook',
  /(?<before>\/\/hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)(?<secret>[A-Za-z0-9/_-]{8,200})/gi,
)

const telegram = maskMatches(
  'telegram-token',
  /(?<before>api\.telegram\.org\/bot\d{5,12}:)(?<secret>[A-Za-z0-9_-]{20,64})/g,
)

const discord = maskMatches(
  'discord-webhook',
  /(?<before>\/api\/webhooks\/\d{10,22}\/)(?<secret>[A-Za-z0-9_-]{20,100})/g,
)

// A user name that is masked already has a colon in its mark.
const urlPassword = maskMatches(
  'url-password',
  /(?<before>:\/\/(?:‹[a-z0-9:-]{1,40}›|[^\s/?#:@"'<>‹]){0,256}:)(?<secret>[^\s/?"'<>]{1,1000})(?<after>@)/g,
)

// A database's URL is written by hand: its password may hold an unescaped slash or question mark.
const storeUrlPassword = maskMatches(
  'url-password',
  /(?<before>(?:sql|postgres|mongodb(?:\+srv)?|rediss?|amqps?|mariadb):\/\/(?:‹[a-z0-9:-]{1,40}›|[^\s/?#:@"'<>‹]){0,256}:)(?<secret>(?:(?!:\/\/)[^\s"'<>@]){1,1000})(?<after>@)/gi,
)

const urlToken = maskMatches('url-token', /(?<before>:\/\/)(?<secret>[A-Za-z0-9_-]{20,400})(?<after>:?@)/g, (secret) =>
  /\d/.test(secret),
)

const urls: Detector = (text) =>
  text.includes('://') ? discord(telegram(webhook(urlToken(storeUrlPassword(urlPassword(text)))))) : text

/** All detectors in the order in which they run: the more exact kind first. */
export const detectors: readonly Detector[] = [
  replaceKeys,
  replaceTokens,
  urls,
  authorization,
  cookie,
  bearer,
  basic,
  replaceAssignments,
  replaceCards,
]
