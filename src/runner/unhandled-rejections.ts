type Watcher = (reason: string) => void

const watchers = new Set<Watcher>()

/**
 * A promise that a handler left behind and that is rejected must not end the process while batches run in it: it is
 * told to them instead. Answers what ends the watch; with the last one Node's own behaviour is back.
 */
export function watchRejections(watcher: Watcher): () => void {
  if (watchers.size === 0) process.on('unhandledRejection', tell)
  watchers.add(watcher)
  return () => {
    watchers.delete(watcher)
    if (watchers.size === 0) process.off('unhandledRejection', tell)
  }
}

function tell(reason: unknown): void {
  const text = describe(reason)
  for (const watcher of watchers) watcher(text)
}

function describe(reason: unknown): string {
  try {
    return (reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)).slice(0, 500)
  } catch {
    return 'a value that cannot be shown'
  }
}
