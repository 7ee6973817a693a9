import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

// The thread that copies the write-ahead log into the database: see wal-keeper.ts.
const database = new DatabaseSync((workerData as { path: string }).path, { timeout: 5_000 })
database.exec('pragma synchronous = full; pragma wal_autocheckpoint = 0')

parentPort?.on('message', (message: 'copy' | 'end') => {
  if (message === 'end') {
    database.close()
    parentPort?.close()
    return
  }
  try {
    database.prepare('pragma wal_checkpoint(passive)').get()
  } catch {
    // Nothing is lost: the log keeps what was not copied, and the next turn tries again.
  }
  parentPort?.postMessage('copied')
})
