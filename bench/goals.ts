import { median, ratioInterval } from './statistics.ts'
import type { Goal, Measured } from './suite.ts'

/** Median of a contestant. */
export function medianOf(measured: Measured, name: string): number {
  const samples = measured.get(name)
  if (!samples) throw new Error(`a goal speaks of ${name}, who was not measured`)
  return median(samples.map((sample) => sample.value))
}

export interface RatioGoal {
  readonly above: string
  readonly below: string
  readonly atMost?: number
  readonly atLeast?: number
}

/** Median of one contestant by that of another. */
export function ratioGoal(text: string, { above, below, atMost, atLeast }: RatioGoal): Goal {
  return {
    text,
    judge(measured) {
      const ratio = medianOf(measured, above) / medianOf(measured, below)
      return { shown: `${ratio.toFixed(2)} ×`, met: isWithin(ratio, { atMost, atLeast }) }
    },
  }
}

/** Median of one contestant less that of another, in milliseconds. */
export function differenceGoal(
  text: string,
  { above, below, atMost }: { above: string; below: string; atMost: number },
): Goal {
  return {
    text,
    judge(measured) {
      const difference = medianOf(measured, above) - medianOf(measured, below)
      return { shown: `${difference.toFixed(1)} ms`, met: difference <= atMost }
    },
  }
}

/** The whole 95 % interval of what one contestant takes more than another lies below `below`. */
export function overheadGoal(
  text: string,
  pair: { above: string; below: string; lessThan: number; roundsMin: number },
): Goal {
  return {
    text,
    judge(measured) {
      const [above, below] = [pair.above, pair.below].map((name) => measured.get(name)!.map((sample) => sample.value))
      const { mean, low, high } = ratioInterval(above!, below!)
      const isJudged = above!.length >= pair.roundsMin
      const shown = `${percent(mean)} (95 %: ${percent(low)} to ${percent(high)}, ${above!.length} rounds)`
      return { shown, met: isJudged ? high - 1 < pair.lessThan : undefined }
    },
  }
}

/** A goal that needs what this bench doesn't start. */
export function notMeasured(text: string, why: string): Goal {
  return { text, judge: () => ({ shown: `not measured here: ${why}`, met: undefined }) }
}

function isWithin(
  value: number,
  { atMost, atLeast }: { atMost: number | undefined; atLeast: number | undefined },
): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast)
}

const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`
