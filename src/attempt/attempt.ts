import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FailError } from '../classify/fail-error.ts'
import type { Disposition } from '../model/classification.ts'
import { dispositions } from '../model/classification.ts'
import type { Clock } from '../model/clock.ts'
import type { Context, Log } from '../model/context.ts'
import { RedriveError } from '../model/redrive-error.ts'

/** What every attempt of a batch shares, lent by the runner. */
export interface AttemptWorld {
  readonly jobName: string
  readonly batchId: string
  readonly clock: Clock
  /** `ctx.call`: breaker, limits, line and timeout of a dependency. */
  call(
    attempt: Attempt,
    dependency: string,
    fn: (call: { readonly signal: AbortSignal }) => unknown,
    fallback: (() => unknown) | undefined,
  ): Promise<unknown>
  /** Where the handler's log lines go, redacted. */
  log(attempt: Attempt, level: LogLevel, message: string, fields: object | undefined): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** How an item came to be run. A first attempt has neither progress nor operation. */
export interface Entrance {
  readonly position: number
  /** Undefined: the item is known by its position. */
  readonly key: string | undefined
  readonly item: unknown
  readonly payload: unknown
  readonly attempt: number
  readonly generation: number
}

/** At most so many log lines are kept with an attempt. */
const LOG_LINES = 20

/**
 * One attempt: the handler's `ctx`, and what the runner must know when it ends. Made for each attempt, since a handler
 * may keep its ctx beyond the end; everything dear (signal, log, lists) is made when first used. Members are getters
 * that answer functions, so that `({ call, signal })` can be taken apart.
 */
export class Attempt implements Context<string> {
  readonly position: number
  readonly attempt: number
  readonly generation: number
  readonly item: unknown
  readonly payload: unknown
  readonly itemKey: string | undefined
  readonly world: AttemptWorld
  /** Monotonic. */
  startedMs = 0
  /** Dependency that an open breaker refused; the attempt is held. */
  heldBy: string | undefined = undefined
  /** Dependency and turn of a throttled call. */
  throttled: { readonly dependency: string; readonly waitMs: number } | undefined = undefined
  /** The dependency whose call failed last: what the failure is laid to. */
  failedAt: string | undefined = undefined
  /** A probe of this dependency. */
  probeOf: string | undefined = undefined
  /** A place in a dependency's line that was reserved when it was throttled. */
  ticket: { readonly dependency: string; readonly atMs: number } | undefined = undefined
  /** Its kept payload does not pass parser, schema or key any more: it fails with this, and the handler isn't called. */
  refusal: { readonly error: unknown } | undefined = undefined
  timedOut = false
  /** The runner's own mark: the slot that it occupies. */
  slot: unknown = undefined
  ended = false
  cleanups: (() => unknown)[] | undefined = undefined
  logs: string[] | undefined = undefined
  private controller: AbortController | undefined = undefined
  private abortReason: unknown = undefined
  private directory: Promise<string> | undefined = undefined

  constructor(world: AttemptWorld, entrance: Entrance) {
    this.world = world
    this.position = entrance.position
    this.itemKey = entrance.key
    this.item = entrance.item
    this.payload = entrance.payload
    this.attempt = entrance.attempt
    this.generation = entrance.generation
  }

  get key(): string {
    return this.itemKey === undefined
      ? `${this.world.batchId}:${this.position}`
      : `${this.world.jobName}:${this.itemKey}`
  }
  get batchId(): string {
    return this.world.batchId
  }
  get stage(): string {
    return ''
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController()
      if (this.abortReason !== undefined) this.controller.abort(this.abortReason)
    }
    return this.controller.signal
  }

  /** Aborts the signal, also one that is read only later. The first reason stays. */
  abort(reason: unknown): void {
    if (this.abortReason !== undefined) return
    this.abortReason = reason
    this.controller?.abort(reason)
  }

  get aborted(): unknown {
    return this.abortReason
  }

  get log(): Log {
    const write = (level: LogLevel) => (message: string, fields?: object) =>
      this.world.log(this, level, message, fields)
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  }

  keepLog(line: string): void {
    this.logs ??= []
    if (this.logs.length === LOG_LINES) this.logs.shift()
    this.logs.push(line)
  }

  get call(): Context<string>['call'] {
    return (dependency, fn, options) => {
      this.refuseAfterEnd('ctx.call')
      return this.world.call(this, dependency, fn, options?.fallback) as Promise<never>
    }
  }

  get once(): Context<string>['once'] {
    return () => Promise.reject(new RedriveError('RD-1908', { what: 'ctx.once is not built yet' }))
  }

  get undo(): Context<string>['undo'] {
    return () => {
      throw new RedriveError('RD-1909', { what: 'ctx.undo is not built yet' })
    }
  }

  get cleanup(): Context<string>['cleanup'] {
    return (fn) => {
      this.refuseAfterEnd('ctx.cleanup')
      this.cleanups ??= []
      this.cleanups.push(fn)
    }
  }

  get tempDir(): Context<string>['tempDir'] {
    return () => {
      this.refuseAfterEnd('ctx.tempDir')
      this.directory ??= this.makeDirectory()
      return this.directory
    }
  }

  get fail(): Context<string>['fail'] {
    return (disposition: Disposition, message: string): never => {
      if (!dispositions.includes(disposition)) {
        throw new RedriveError('RD-1101', {
          what: `ctx.fail('${String(disposition)}') names no disposition`,
          fix: `Use one of ${dispositions.join(', ')}.`,
        })
      }
      throw new FailError(disposition, message)
    }
  }

  private async makeDirectory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'redrive-'))
    this.cleanups ??= []
    this.cleanups.unshift(() => rm(path, { recursive: true, force: true }))
    return path
  }

  private refuseAfterEnd(what: string): void {
    if (this.ended)
      throw new RedriveError('RD-1108', { what: `${what} of item ${this.key} was used after its attempt had ended` })
  }
}

export function createAttempt(world: AttemptWorld, entrance: Entrance): Attempt {
  return new Attempt(world, entrance)
}
