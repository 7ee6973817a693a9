/** What a schema has against a row. */
export interface Issue {
  readonly message: string
  /** Where: keys and indexes from the row down; empty for the row itself. */
  readonly path: readonly (string | number)[]
}

const issuesShown = 3

/** A row that the schema refuses. `issues` are at most 32; the message names the first three. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  readonly code = 'VALIDATION'
  readonly issues: readonly Issue[]

  /** `total`: how many issues there were before `issues` was cut. */
  constructor(issues: readonly Issue[], total: number = issues.length) {
    const shown = issues
      .slice(0, issuesShown)
      .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    const more = total > issuesShown ? `; and ${total - issuesShown} more` : ''
    super(shown.length > 0 ? `${shown.join('; ')}${more}` : 'the schema refused the row and gave no issue')
    this.issues = issues
  }
}
