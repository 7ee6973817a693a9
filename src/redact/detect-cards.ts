import { maskMatches } from './mask-matches.ts'

// One separator throughout, in the groups that cards are printed in. Not inside a word, an id (ORD-4111…), a longer run
// of digits, or a decimal.
const shape = String.raw`\d{4}(?<gap>[ -]?)\d{4}\k<gap>\d{4}\k<gap>\d{4}(?:\k<gap>\d{3})?|3\d{3}(?<gap3>[ -]?)\d{6}\k<gap3>\d{4,5}`
const card = new RegExp(String.raw`(?<![\w+‹-]|\d\.)(?<secret>${shape})(?!\w|\.\d|-\w)`, 'g')

/** Masks card numbers: the length and first digits of an issuer, and Luhn's check digit (ISO/IEC 7812). */
export const replaceCards = maskMatches('card-number', card, isCardNumber)

/** Whether the digits of the text are a card number. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  return issuer.test(digits) && luhn(digits)
}

// Visa; Mastercard; American Express; Diners; Discover, UnionPay; JCB. Visa's 13 digits are left out: no longer issued, and bar codes.
const issuer =
  /^(?:4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d|2\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12})$/

function luhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const twice = i % 2 === 1 ? digit * 2 : digit
    sum += twice > 9 ? twice - 9 : twice
  }
  return sum % 10 === 0 && /[1-9]/.test(digits)
}
