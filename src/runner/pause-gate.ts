/** Whether a run is asked to stand still, or does. */
export interface PauseGate {
  /** `soon`: attempts are still under way. */
  readonly at: 'going' | 'soon' | 'still'
  /** Resolves when the run stands still, or goes on before it did. */
  ask(): Promise<void>
  /** The run stands still from now on. */
  stand(): void
  /** Tells everyone who waits. */
  settle(): void
  /** Goes on; true if it stood still. */
  goOn(): boolean
}

export function createPauseGate(): PauseGate {
  let at: PauseGate['at'] = 'going'
  let waiting: (() => void)[] = []
  const settle = () => {
    const told = waiting
    waiting = []
    for (const resolve of told) resolve()
  }
  return {
    get at() {
      return at
    },
    ask() {
      if (at === 'still') return Promise.resolve()
      at = 'soon'
      return new Promise((resolve) => waiting.push(resolve))
    },
    stand() {
      at = 'still'
    },
    settle,
    goOn() {
      const stood = at === 'still'
      at = 'going'
      settle()
      return stood
    },
  }
}
