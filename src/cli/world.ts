/** What a command touches of the world, so that a test can put its own in place. */
export interface World {
  /** Data only. */
  readonly stdout: Out
  /** Talk: notes, progress, errors, the commands that come next. */
  readonly stderr: Out
  readonly stdin: AsyncIterable<Uint8Array | string>
  /** Somebody types there. */
  readonly stdinIsTTY: boolean
  readonly env: { readonly [name: string]: string | undefined }
  /** Paths are relative to it. */
  readonly cwd: string
  /** Milliseconds since 1970. */
  nowMs(): number
  sleep(ms: number): Promise<void>
  /** Calls the listener at each Ctrl-C and SIGTERM, which then do nothing else, until the answer is called. Absent: there are none. */
  onSignal?(listener: (signal: StopSignal) => void): () => void
}

/** What asks a process to end. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/** Where text goes. */
export interface Out {
  readonly isTTY: boolean
  /** Of the terminal as it is now; 80 if there is none. */
  readonly columns: number
  /** Waits while the reader is behind. Rejects with OutputClosed when it has gone. */
  write(text: string): Promise<void>
  /** Resolves when all is handed over, or the reader has gone. */
  flush(): Promise<void>
}

/** The reader of an output has gone (`| head`): no error, there is just nothing more to do. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** The world of this process. */
export function processWorld(): World {
  return {
    stdout: outOf(process.stdout),
    stderr: outOf(process.stderr),
    get stdin() {
      return process.stdin
    },
    get stdinIsTTY() {
      return process.stdin.isTTY === true
    },
    env: process.env,
    cwd: process.cwd(),
    nowMs: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onSignal: (listener) => {
      const heard = (signal: NodeJS.Signals) => listener(signal as StopSignal)
      process.on('SIGINT', heard)
      process.on('SIGTERM', heard)
      return () => {
        process.off('SIGINT', heard)
        process.off('SIGTERM', heard)
      }
    },
  }
}

function outOf(stream: NodeJS.WriteStream): Out {
  let broken: NodeJS.ErrnoException | undefined
  stream.on('error', (error) => {
    broken = error
  })
  const refuse = () => {
    if (broken) throw broken.code === 'EPIPE' ? new OutputClosed() : broken
  }
  const settled = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      const done = () => {
        stream.off('error', done)
        resolve()
      }
      stream.once('error', done)
      start(done)
    })
  return {
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns || 80
    },
    write: async (text) => {
      refuse()
      if (!stream.write(text)) await settled((done) => stream.once('drain', done))
      refuse()
    },
    flush: async () => {
      if (!broken) await settled((done) => stream.write('', () => done()))
    },
  }
}
