/** Bytes of a line. */
const lineMax = 1_048_576

/** The lines of a stream of UTF-8 text, without their ends; undefined for a line above 1 MiB, which is not kept. */
export async function* readLines(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder()
  let line = ''
  let tooLong = false
  const ended = (part: string): string | undefined => {
    const whole = tooLong || line.length + part.length > lineMax ? undefined : (line + part).replace(/\r$/, '')
    line = ''
    tooLong = false
    return whole
  }
  for await (const chunk of chunks) {
    const parts = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n')
    const last = parts.pop()!
    for (const part of parts) yield ended(part)
    if (tooLong || line.length + last.length > lineMax) {
      tooLong = true
      line = ''
    } else line += last
  }
  if (tooLong || line !== '') yield ended('')
}
