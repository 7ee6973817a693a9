import { Worker } from 'node:worker_threads'
import type { Connection } from './connection.ts'

/** Moves the write-ahead log into the database beside the work, so that no commit waits for it. */
export interface WalKeeper {
  /** To be called after each commit. */
  look(): void
  /** Ends the thread. Twice is the same as once. */
  end(): Promise<void>
}

/** Pages of 4 KiB: about 4 MiB. */
const askAtPages = 1_024
/** The size is asked for only now and then: it costs a system call's time. */
const lookEvery = 8

/**
 * The thread copies while the commits go on, so it never reaches the log's end, and only a log that was copied whole is
 * begun anew. So this connection copies what little came meanwhile, between two commits.
 */
export function createWalKeeper(connection: Connection, path: string): WalKeeper {
  let worker: Worker | undefined
  let busy = false
  let ended: Promise<void> | undefined
  let looks = 0

  const onCopied = () => {
    busy = false
    if (!ended)
      void connection.read(() => connection.statement('pragma wal_checkpoint(passive)').get()).catch(() => undefined)
  }
  const start = () => {
    // Beside this file, whether it runs as it is written or compiled.
    const file = import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js'
    const started = new Worker(new URL(file, import.meta.url), { workerData: { path } })
    started.on('message', onCopied)
    started.on('error', () => {
      // The log then grows until the next look starts another thread; no commit depends on it.
      busy = false
      if (worker === started) worker = undefined
    })
    started.unref()
    return started
  }

  return {
    look() {
      if (busy || ended || ++looks % lookEvery !== 0) return
      const size = connection.statement('pragma wal_checkpoint(noop)').get() as { log: number; checkpointed: number }
      if (size.log - size.checkpointed < askAtPages) return
      busy = true
      worker ??= start()
      worker.postMessage('copy')
    },
    end() {
      ended ??= endWorker(worker)
      return ended
    },
  }
}

async function endWorker(worker: Worker | undefined): Promise<void> {
  if (!worker) return
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  // Kept alive by this wait alone, so that `close` means closed.
  worker.ref()
  worker.postMessage('end')
  await exited
}
