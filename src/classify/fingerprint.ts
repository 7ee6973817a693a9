import type { CapturedFailure } from '../model/failure.ts'

const templateCharsMax = 300
const titleCharsMax = 120

/**
 * Same for failures of the same cause: `v1:` and 16 hex digits. Made of the innermost cause's name, code, status and message
 * template, and of the outer error's name; addresses, ids, numbers, names in quotes, times don't count.
 */
export function fingerprintOf(failure: Omit<CapturedFailure, 'fingerprint'>): string {
  const inner = failure.causes.at(-1) ?? failure
  const parts = `${inner.name}\n${inner.code ?? ''}\n${inner.status ?? ''}\n${templateOf(inner.message)}\n${failure.name}`
  return `v1:${hash64(parts)}`
}

/** The group's name for people, at most 120 characters: `connect ECONNREFUSED <ip>`. */
export function titleOf(failure: Omit<CapturedFailure, 'fingerprint'>): string {
  const inner = failure.causes.at(-1) ?? failure
  const template = templateOf(inner.message).replace(/\s+/g, ' ').trim()
  const code = inner.code ?? (inner.status === undefined ? undefined : `status ${inner.status}`)
  const text = template === '' ? [inner.name, code].filter(Boolean).join(' ') : template
  const named =
    text === template && inner.name !== 'Error' && !text.startsWith(inner.name) && !inner.thrown
      ? `${inner.name}: ${text}`
      : text
  if (named.length <= titleCharsMax) return named
  return `${named.slice(0, titleCharsMax - 1).toWellFormed()}…`
}

/** What varies between two failures of the same cause: each branch linear, begun only where a word begins, for speed. */
const scarce = [
  ['<url>', /(?<![a-zA-Z])[a-zA-Z][a-zA-Z0-9+.-]{0,15}:\/\/[^\s"'<>)\]]{1,300}/],
  ['<email>', /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/],
] as const
const common = [
  ['<uuid>', /(?<!\w)[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/],
  ['<time>', /(?<!\d)\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?/],
  ['<ip>', /(?<!\d)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?/],
  ['<ip>', /(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}(?!\w)/],
  ['<text>', /"(?:[^"\\\n]|\\.){0,200}"|(?<!\w)'[^'\n]{0,200}'(?!\w)|`[^`\n]{0,200}`/],
  ['<path>', /(?<![\w/])(?:[a-zA-Z]:[\\/]|\.{0,2}\/)[^\s"'`,;:()]{1,300}/],
  ['<hex>', /(?<!\w)0x[0-9a-fA-F]{1,64}|(?<![a-zA-Z0-9])(?=[a-fA-F]{0,15}\d)[0-9a-fA-F]{8,128}(?![a-zA-Z0-9])/],
  ['<n>', /\d{1,64}(?:\.\d{1,64})?/],
] as const

function compile(parts: ReadonlyArray<readonly [placeholder: string, pattern: RegExp]>) {
  return {
    pattern: new RegExp(parts.map(([, part]) => `(${part.source})`).join('|'), 'g'),
    placeholders: parts.map(([placeholder]) => placeholder),
  }
}
const plain = compile(common)
const rich = compile([...scarce, ...common])

/** The message with all that varies replaced; at most 300 characters are read. */
export function templateOf(message: string): string {
  const text = message.length > templateCharsMax ? message.slice(0, templateCharsMax) : message
  if (!/[\d"'`/\\@]/.test(text)) return text
  const { pattern, placeholders } = text.includes('@') || text.includes('://') ? rich : plain
  return text.replace(pattern, (found: string, ...groups: unknown[]) => {
    return placeholders[groups.findIndex((group) => group !== undefined)] ?? found
  })
}

/** 64 bits of a text: two 32-bit multiplicative mixes (cyrb53's, without its last cut). No secret, only a name. */
function hash64(text: string): string {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
