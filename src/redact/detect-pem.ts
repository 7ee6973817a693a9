import { redactedMark } from './mark.ts'

const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
const end = /-----END [A-Z0-9 ]{0,40}-----/y

/** Masks private keys in PEM; one that is cut off is masked up to the end of the text. */
export function replaceKeys(text: string): string {
  if (!text.includes('-----BEGIN ')) return text
  let out = ''
  let from = 0
  for (const match of text.matchAll(begin)) {
    if (match.index < from) continue
    out += text.slice(from, match.index) + redactedMark('private-key')
    from = endOfKey(text, match.index + match[0].length)
  }
  return out + text.slice(from)
}

function endOfKey(text: string, from: number): number {
  end.lastIndex = text.indexOf('-----END ', from)
  if (end.lastIndex < 0) return text.length
  return end.test(text) ? end.lastIndex : text.length
}
