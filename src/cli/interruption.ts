import type { StopSignal, World } from './world.ts'

/** Whether somebody asked this process to end while it ran a batch. */
export interface Interruption {
  /** The first signal; undefined as long as there was none. */
  readonly signal: StopSignal | undefined
  /** What the process exits with for it: 130 or 143. */
  readonly exitCode: number | undefined
  /** From now on signals do again what they do by themselves. */
  stop(): void
}

/** Listens to Ctrl-C and SIGTERM: the first asks to drain, each further one to stop at once. */
export function listenForStop(
  world: Pick<World, 'onSignal'>,
  act: (force: boolean, signal: StopSignal) => void,
): Interruption {
  let first: StopSignal | undefined
  const off = world.onSignal?.((signal) => {
    const force = first !== undefined
    first ??= signal
    act(force, signal)
  })
  return {
    get signal() {
      return first
    },
    get exitCode() {
      return first && (first === 'SIGINT' ? 130 : 143)
    },
    stop: () => off?.(),
  }
}
