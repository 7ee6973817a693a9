import { secretMark, splitAtMarks } from './mark.ts'

const lengthMin = 4

interface Form {
  readonly text: string
  readonly mark: string
}

// The forms of one item's secrets are asked for with each text of that item.
const remembered = new WeakMap<readonly string[], readonly Form[]>()

/** Masks known values as `‹secret:N›`, N being their place from 1: as they are, JSON-escaped, URL-encoded, in base64. Shorter than 4 characters they are left. */
export function maskKnown(text: string, known: readonly string[]): string {
  let forms = remembered.get(known)
  if (!forms) {
    forms = known.flatMap(formsOf).sort((a, b) => b.text.length - a.text.length)
    remembered.set(known, forms)
  }
  const hits = forms.filter((form) => text.includes(form.text))
  return hits.length === 0 ? text : hits.reduce(maskForm, text)
}

function maskForm(text: string, form: Form): string {
  const parts = splitAtMarks(text)
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replaceAll(form.text, () => form.mark))).join('')
}

function formsOf(value: string, index: number): Form[] {
  const mark = secretMark(index + 1)
  const forms = new Set<string>()
  for (const clear of spellings(value)) {
    if (clear.length < lengthMin) continue
    for (const form of [clear, ...escapedForms(clear), ...encodedForms(clear)])
      if (form.length >= lengthMin) forms.add(form)
  }
  return [...forms].map((text) => ({ text, mark }))
}

/** The value; trimmed; without the gaps of a printed number; its longer lines, since a message may quote one. */
function spellings(value: string): Set<string> {
  const all = new Set([value, value.trim()])
  if (/^[\d -]+$/.test(value)) all.add(value.replace(/[ -]/g, ''))
  if (/[\r\n]/.test(value))
    for (const line of value.split(/[\r\n]+/)) if (line.trim().length >= 16) all.add(line.trim())
  return all
}

function escapedForms(clear: string): string[] {
  const json = JSON.stringify(clear).slice(1, -1)
  const ascii = json.replace(/[^\u0020-\u007e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const html = clear.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
  return [json, ascii, JSON.stringify(json).slice(1, -1), html]
}

function encodedForms(clear: string): string[] {
  const wellFormed = clear.toWellFormed()
  const uri = encodeURIComponent(wellFormed)
  const strict = uri.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const form = strict.replaceAll('%20', '+')
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  return [uri, encodeURI(wellFormed), strict, form, lower(uri), lower(strict), lower(form), ...base64Forms(wellFormed)]
}

/** Base64 of the value alone, and its unchanging middle when other bytes go before it. */
function base64Forms(clear: string): string[] {
  const bytes = Buffer.from(clear)
  const standard = [bytes.toString('base64').replace(/=+$/, '')]
  for (const before of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The first and last characters share bits with the neighbours.
    const middle = whole.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6))
    if (middle.length >= 10) standard.push(middle)
  }
  return standard.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}
