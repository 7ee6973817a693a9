/** What stands for a detected secret: `‹redacted:jwt›`. */
export function redactedMark(kind: string): string {
  return `‹redacted:${kind}›`
}

/** What stands for the value of a declared secret path: `‹secret:1›`, counted from 1. */
export function secretMark(number: number): string {
  return `‹secret:${number}›`
}

/** A whole text that is a secret's mark, with its number. */
export const wholeSecretMark = /^‹secret:(\d{1,6})›$/

/** A secret's mark anywhere in a text. */
export const anySecretMark = /‹secret:\d{1,6}›/

/** Splits a text at its marks; those stand at the odd indexes. */
export function splitAtMarks(text: string): string[] {
  return text.includes('‹') ? text.split(/(‹(?:redacted:[a-z0-9-]{1,24}|secret:\d{1,6})›)/) : [text]
}

/** Whether a text holds marks and nothing else. */
export function isOnlyMarks(text: string): boolean {
  return text.startsWith('‹') && splitAtMarks(text).every((part, i) => i % 2 === 1 || part === '')
}
