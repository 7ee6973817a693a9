import type { Disposition, ErrorType, Severity } from '../../model/classification.ts'

/** `type/disposition`. */
export type Verdict = `${ErrorType}/${Disposition}`

/**
 * How much a piece of evidence is worth against another on the same error: a message that says what a code means here beats the
 * code, a specific message beats a generic code or status, a status beats a general wording, and a class name comes last.
 * `quoting` is for wordings that quote what is not their cause (a document, a gateway's own trouble): they beat causes stated in it.
 */
export const weights = {
  quoting: 10,
  refinement: 9,
  code: 8,
  phrase: 7,
  genericCode: 6,
  status: 5,
  wording: 4,
  genericStatus: 3,
  className: 2,
  vague: 1,
} as const
/** Name of a weight. */
export type Weight = keyof typeof weights

/** How sure a verdict is, by what it rests on. */
export const confidences: { readonly [Kind in Weight]: number } = {
  quoting: 0.95,
  refinement: 0.95,
  code: 0.99,
  phrase: 0.85,
  genericCode: 0.8,
  status: 0.9,
  wording: 0.75,
  genericStatus: 0.85,
  className: 0.6,
  vague: 0.3,
}

/** Codes of one meaning, space-separated. `weight` default `code`. */
export interface CodeRow {
  readonly is: Verdict
  readonly codes: string
  readonly weight?: 'code' | 'genericCode' | 'vague'
  /** What to do, for a person. Default: by type and disposition. */
  readonly say?: string
  readonly severity?: Severity
}
/** HTTP statuses of one meaning. */
export interface StatusRow {
  readonly is: Verdict
  readonly statuses: readonly number[]
  readonly weight?: 'status' | 'genericStatus'
  readonly say?: string
}
/** A wording in a message, in lower case. It is tried only if the message has one of the words in `on`. */
export interface PhraseRow {
  readonly is: Verdict
  /** Name of the rule within its system. */
  readonly id: string
  /** Words (of letters, digits, `_`) of which a matching message has one, space-separated. */
  readonly on: string
  /** Linear: no nested repeats, bounded gaps. */
  readonly match: RegExp
  /** Default `phrase`. */
  readonly weight?: 'quoting' | 'refinement' | 'phrase' | 'wording' | 'vague'
  readonly say?: string
}
/** Class names of one meaning, space-separated. `weight` default `className`. */
export interface NameRow {
  readonly is: Verdict
  readonly names: string
  readonly weight?: 'status' | 'className'
  readonly say?: string
}
/** What is known about the errors of one system. */
export interface RuleTable {
  /** First part of the rules' ids: `node`, `pg`. */
  readonly system: string
  readonly codes?: readonly CodeRow[]
  readonly statuses?: readonly StatusRow[]
  readonly phrases?: readonly PhraseRow[]
  readonly names?: readonly NameRow[]
}
