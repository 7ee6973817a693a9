import type { Failure } from '../../model/failure.ts'

/** So much of a payload or raw text is found by free text; `field.PATH` finds the rest. */
const partChars = 2_048
const textChars = 16_384

export interface Searched {
  readonly key: string
  readonly failure: Failure
  readonly userMessage: string
  /** Text of an unreadable row. */
  readonly raw?: string | undefined
  /** Redacted payload. */
  readonly shown?: string | undefined
}

/** What free text is looked for in, in lower case: key, failure and causes, message, raw text and payload; all of it redacted before. */
export function searchText(searched: Searched): string {
  const { failure } = searched
  const parts = [
    searched.key,
    searched.userMessage,
    searched.raw?.slice(0, partChars),
    searched.shown?.slice(0, partChars),
  ]
  for (const one of [failure, ...failure.causes]) parts.push(one.name, one.code, one.message)
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join('\n')
    .slice(0, textChars)
    .toLowerCase()
}
