import { isOnlyMarks, redactedMark } from './mark.ts'

/** Masks one kind of secret in a text. */
export type Detector = (text: string) => string

/** Named groups of a pattern: `before` and `after` stay, `secret` is masked, the rest is evidence. */
export interface Parts {
  readonly before?: string
  readonly secret?: string
  readonly after?: string
  readonly name?: string
}

/** A detector that masks the group `secret` of each match, unless it is a mark already or isn't accepted. */
export function maskMatches(
  kind: string,
  pattern: RegExp,
  accept: (secret: string, parts: Parts) => boolean = () => true,
): Detector {
  const mark = redactedMark(kind)
  return (text) =>
    text.replace(pattern, (...match: unknown[]) => {
      const parts = match.at(-1) as Parts
      const secret = parts.secret ?? ''
      if (isOnlyMarks(secret) || !accept(secret, parts)) return match[0] as string
      return `${parts.before ?? ''}${mark}${parts.after ?? ''}`
    })
}
