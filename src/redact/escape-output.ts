// C0 and C1 controls, DEL, line and paragraph separators, marks that turn the direction of text, halves of a pair.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const short: { readonly [char: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }

/**
 * The text with all that a terminal or a log reader would act on shown as an escape: CR, LF, TAB, ESC, NUL and other
 * controls, U+2028/9, bidi overrides, lone surrogates. One line in, one line out. Same string if there is nothing.
 */
export function escapeControl(text: string): string {
  return text.replace(unsafe, (char) => short[char] ?? escapeChar(char.charCodeAt(0)))
}

function escapeChar(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/**
 * A cell for a CSV that people open in a spreadsheet: one that begins like a formula (`=` `+` `-` `@`, their full-width
 * forms, TAB, CR, LF) gets a leading apostrophe. Source: OWASP, CSV injection.
 */
export function defuseCell(text: string): string {
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text
}
