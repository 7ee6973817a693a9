/** Names of passwords and keys, as a pattern's source: whatever is assigned to one is a secret. */
export const keyNames = [
  'passw(?:or)?d|passphrase|passcode|pwd|(?<![a-z])pass|(?<![a-z])(?:cvv2?|cvc2?)',
  '(?<!‹)secret',
  '(?:api|access|private|secret|encryption|signing|account|auth|master|license|subscription)[-_ .]?key',
  'shared[-_]?access[-_]?(?:key|signature)',
].join('|')

/** Names of tokens, as a pattern's source: parsers use them for words too. */
export const tokenNames =
  'token|credentials?|sess(?:ion)?[-_]?id|jsessionid|phpsessid|connect\\.sid|csrf|xsrf|(?<![a-z])otp'

/** What may follow such a name: `password_confirmation`, `secret2`. */
export const nameEnd = '(?:[-_]?(?:confirm(?:ation)?|repeat|again|hash|value|old|new|base|\\d))?'

const wholeName = new RegExp(
  `(?:${keyNames}|${tokenNames}|authorization|(?:set-?)?cookies?|secrets|passwords|(?<![a-z])pin)${nameEnd}$`,
  'i',
)

/** Whether a field so named holds a secret: `password`, `dbPassword`, `x-api-key`, `accessToken`, `Set-Cookie`. */
export function isSecretName(name: string): boolean {
  return name.length <= 200 && wholeName.test(name)
}
