import { detectors } from './detectors.ts'
import { maskKnown } from './known-secrets.ts'

// What any detector needs to see at least. One pass of it lets ordinary text go.
const hint = new RegExp(
  [
    'pass|pwd|secret|token|key|authoriz|cookie|bearer|basic |credential|sess|csrf|xsrf|otp|cv[vc]|\\.sid|[?&;](?:auth|sig|x-)|identified|-u |--user|telegram\\.org|webhooks',
    ':\\/\\/[^\\s/]{0,1300}@|mongodb|postgres|sql:|redis|amqp|mariadb',
    'akia|asia|gh[pousr]_|github_pat|gl(?:pat|ptt|rt|dt)-|xox|xapp-|hooks\\.slack|[sr]k_|whsec_|eyj|aiza|gocspx|ya29\\.|sk-|npm_|pypi-|sg\\.|hf_|do[opr]_v1|shp(?:at|ca|pa|ss)_|sk[0-9a-f]{32}',
    '\\d{4}[ -]?\\d{4}[ -]?\\d{4}|\\d{4}[ -]\\d{6}',
  ].join('|'),
  'i',
)

const passesMax = 4

/**
 * The text with secrets masked: `‹redacted:KIND›` for what a detector knows, `‹secret:N›` for the Nth of the `known`
 * values (those of at least 4 characters), also where they recur JSON-escaped, URL-encoded or in base64.
 * Linear in the text's length; idempotent; the same string if there is nothing to mask.
 */
export function redactText(text: string, known: readonly string[] = []): string {
  const masked = known.length === 0 ? text : maskKnown(text, known)
  return hint.test(masked) ? detect(masked) : masked
}

function detect(text: string): string {
  // A mask can bare a neighbour that its surroundings hid; what has settled is left alone.
  for (let pass = 0; pass < passesMax; pass++) {
    const before = text
    for (const detector of detectors) text = detector(text)
    if (text === before) break
  }
  return text
}
