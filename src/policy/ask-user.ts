/**
 * Calls a function of the user's whose answer may be nonsense: what it answered, or how it failed to (`threw`). A promise is
 * no answer here, and its rejection must not end the process.
 */
export function askUser<Answer>(
  ask: () => Answer,
  isAnswer: (answer: unknown) => boolean,
): { answer: Answer } | { failed: string } {
  try {
    const answer = ask()
    if (isAnswer(answer)) return { answer }
    if (answer instanceof Promise) answer.catch(() => {})
    return { failed: `answered ${describe(answer)}` }
  } catch {
    return { failed: 'threw' }
  }
}

function describe(answer: unknown): string {
  if (typeof answer === 'number' || answer === null || answer === undefined) return String(answer)
  if (answer instanceof Promise) return 'a promise'
  return typeof answer === 'object' ? 'an object' : `a ${typeof answer}`
}
