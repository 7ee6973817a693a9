/** A cause that a message states in words. */
export interface StatedCause {
  readonly text: string
  /** `caused by:` */
  readonly marker: string
  /** Class name at the start of the cause: `ECONNRESET` has none, `SyntaxError: …` has. */
  readonly name?: string
}

/** After these words wrappers name what they wrap. */
const markers =
  /\bcaused by:? |\bcause[:=] ?|\breason: |\blast error: |\bnested exception is |\binner exception: |\boriginal error: |(?<=\n)[ \t]{0,20}\[cause\]: /gi
const statedMax = 4

/** The causes that a message states, the last stated first; at most 4. */
export function statedCauses(message: string): readonly StatedCause[] {
  if (message.length > 4_096) message = message.slice(0, 4_096)
  const stated: StatedCause[] = []
  for (const match of message.matchAll(markers)) {
    const text = message.slice(match.index + match[0].length).trim()
    const name = /^([A-Z]\w{2,60}(?:Error|Exception)): /.exec(text)?.[1]
    if (text !== '') stated.push({ text, marker: match[0].trim().toLowerCase(), ...(name && { name }) })
  }
  return stated.slice(-statedMax).reverse()
}
