/**
 * Text of others made fit for one line of a terminal: control characters, line breaks and marks that turn the
 * direction of writing are shown, never obeyed. An error message is not trusted: it could move the cursor or retitle the window.
 */
export function terminalText(text: string): string {
  return text.replace(unsafe, (char) => {
    if (char === '\n') return '\\n'
    if (char === '\r') return '\\r'
    if (char === '\t') return '\\t'
    const code = char.codePointAt(0)!
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** C0, DEL, C1, line and paragraph separators, direction marks, zero-width no-break space, halves of surrogate pairs. */
const unsafe = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu

/** Same, keeping line breaks and tabs: for a text that has a block of its own. */
export function terminalBlock(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => terminalText(line.replaceAll('\t', '    ')))
    .join('\n')
}

/** Columns that a text takes; colours take none, East Asian and emoji two, combining marks none. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const char of text.replace(colour, '')) width += charWidth(char)
  return width
}

/** The text, cut to at most `columns` columns with `…` at the end. Must be without colours. */
export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let fitted = ''
  let width = 0
  for (const char of text) {
    width += charWidth(char)
    if (width > columns - 1) break
    fitted += char
  }
  return columns > 0 ? `${fitted}…` : ''
}

/** The text with blanks up to `columns`; after it, or before it when `right`. */
export function padText(text: string, columns: number, right = false): string {
  const blanks = ' '.repeat(Math.max(0, columns - textWidth(text)))
  return right ? blanks + text : text + blanks
}

const colour = /\x1b\[[\d;]*m/g
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const twoColumns =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}])$/u

function charWidth(char: string): number {
  if (char >= ' ' && char <= '~') return 1
  if (zeroWidth.test(char)) return 0
  return twoColumns.test(char) ? 2 : 1
}
