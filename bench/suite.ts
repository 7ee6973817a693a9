/** One group of contestants that are measured against each other. */
export interface Suite {
  /** Number of the goal in the table of goals: `P1`. */
  readonly id: string
  readonly title: string
  /** What is measured, over how many items, with which warm-up. */
  readonly how: string
  readonly unit: 'ns per item' | 'items/s' | 'ms'
  readonly rounds: number
  /** Whom the others are compared with. */
  readonly reference: string
  readonly contestants: readonly Entrant[]
  readonly goals: readonly Goal[]
}

export interface Entrant {
  readonly name: string
  sample(): Promise<Sample>
}

export interface Sample {
  /** In the suite's unit. */
  readonly value: number
  readonly elapsedMs: number
  readonly cpuNs?: number
  readonly rssBytes?: number
}

/** A goal beside what was measured. `value` is undefined when this bench can't measure it; `shown` says why, or shows the figure. */
export interface Goal {
  readonly text: string
  judge(measured: Measured): Judgement
}

export interface Judgement {
  readonly shown: string
  readonly met: boolean | undefined
}

/** Samples by contestant, in the order of rounds. */
export type Measured = ReadonlyMap<string, readonly Sample[]>
