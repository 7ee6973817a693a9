/** Words that stand after `password:` in a sentence about one. */
const plainWords: ReadonlySet<string> = new Set(
  (
    'must should shall is was are has have may can cannot does do not no yes too at least required missing invalid ' +
    'incorrect wrong expired expected received unexpected null undefined none nil true false empty blank unknown string ' +
    'number boolean object array field value password passwd secret token key the this that your please use enter input ' +
    'length minimum maximum small short long weak failed failure error denied hidden masked redacted filtered optional ' +
    'unset default n/a'
  ).split(' '),
)

/** Evidence around a value. */
export interface Assigned {
  /** Named like a token: also a word of parsers, where a value is often a word. */
  readonly isToken: boolean
  readonly isQuoted: boolean
  /** With a space before it, as a sentence has it. */
  readonly isProse: boolean
}

/** Whether the value assigned to a name like `password` or `token` is one, or a word of a sentence about it. */
export function looksSecret(value: string, { isToken, isQuoted, isProse }: Assigned): boolean {
  if (/^[*•x.…]{1,40}$/i.test(value)) return false
  const word = value
    .slice(0, 40)
    .replace(/[)\]}.:!?]{1,4}$/, '')
    .toLowerCase()
  if (word === '' || plainWords.has(word)) return false
  if (isQuoted) return !isToken || value.length >= 4
  if (/^[[{(]/.test(value)) return false
  if (isToken) return !/^\d{1,5}$/.test(word) && (isProse ? looksRandom(value) : word.length >= 4)
  return !isProse || word.length >= 4
}

/** Whether a word was made by a machine: a digit, a capital inside, or 20 characters and more. */
export function looksRandom(word: string): boolean {
  return word.length >= 20 || /\d/.test(word) || /[a-z][A-Z]/.test(word)
}

/** Whether the text is base64 of `user:password`. */
export function isBasicCredential(text: string): boolean {
  if (text.length % 4 === 1) return false
  const clear = Buffer.from(text, 'base64').toString('latin1')
  return /^[^\u0000-\u001f\u007f]{0,1000}:[^\u0000-\u001f\u007f]*$/.test(clear)
}
