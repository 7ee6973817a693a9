import { RedriveError } from '../model/redrive-error.ts'
import type { Store } from '../store/store.ts'

/** `before-commit`: nothing has reached the store. `inside-commit`: all is written in the transaction, nothing committed. `after-commit`: it is durable, and the caller has not heard of it. */
export type FailPoint = 'before-commit' | 'inside-commit' | 'after-commit'

/** A fault to be planted: where, at which call, and what happens then. */
export interface Fault {
  readonly at: FailPoint
  /** At which `runs.commit`, from 1; or for which of them. */
  readonly nth: number | ((n: number) => boolean)
  /** `throw`: a storage error (RD-1305; after the commit with `unknown: true`). `kill`: the process dies at once, by SIGKILL. */
  readonly act: 'throw' | 'kill' | { readonly delayMs: number }
}

/** Moments that an adapter calls out synchronously inside its transactions; `openSqlite` takes such a function as an option. */
export type CommitStepHook = (step: 'begun' | 'written' | 'committed') => void

/** How a faulty store is opened. */
export interface FaultyOptions {
  /** Opens the store with the hook, e.g. `(onCommitStep) => openSqlite(path, { onCommitStep })`. */
  readonly open: (hook: CommitStepHook) => Promise<Store>
  readonly faults: readonly Fault[]
}

/** A store that fails, waits or dies at exact points of its commits. Everything else is the store's own. */
export async function openFaultyStore({ open, faults }: FaultyOptions): Promise<Store> {
  let commits = 0
  // Other calls have transactions too; only those of commits are meant.
  let committing = false
  const due = (at: FailPoint) =>
    faults.filter(
      (fault) => fault.at === at && (typeof fault.nth === 'number' ? fault.nth === commits : fault.nth(commits)),
    )

  const store = await open((step) => {
    if (!committing || step !== 'written') return
    for (const { act } of due('inside-commit')) {
      // The transaction is synchronous, so is the wait.
      if (typeof act === 'object') block(act.delayMs)
      else strike(act, 'inside-commit')
    }
  })

  const meet = async (at: FailPoint) => {
    for (const { act } of due(at)) {
      if (typeof act === 'object') await new Promise<void>((resolve) => setTimeout(resolve, act.delayMs))
      else strike(act, at)
    }
  }

  const commit: Store['runs']['commit'] = async (group) => {
    commits += 1
    await meet('before-commit')
    committing = true
    try {
      await store.runs.commit(group)
    } finally {
      committing = false
    }
    await meet('after-commit')
  }
  return { ...store, runs: { ...store.runs, commit } }
}

function strike(act: 'throw' | 'kill', at: FailPoint): void {
  if (act === 'kill') {
    process.kill(process.pid, 'SIGKILL')
    // Nothing more may happen until the signal is there.
    block(60_000)
  }
  const error = new RedriveError('RD-1305', { what: `A fault was injected ${at.replace('-', ' the ')}` })
  throw at === 'after-commit' ? Object.assign(error, { unknown: true }) : error
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
