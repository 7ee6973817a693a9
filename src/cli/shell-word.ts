/** A word as a POSIX shell reads it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A command that comes next, for the ledger that this one was given: without that it would look into another. */
export function atStore(command: string, store: string | undefined): string {
  if (store === undefined || !command.startsWith('redrive ') || command.includes(' --store ')) return command
  return `${command} --store ${shellWord(store)}`
}
