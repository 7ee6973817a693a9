/** Middle of the values; of an even number of them, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Two-sided 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/**
 * Geometric mean of the ratios of pairs, with its 95 % interval (Student's t on the logarithms). Pairs are runs of one
 * round, so that a machine that slows down for a while slows both.
 */
export function ratioInterval(
  above: readonly number[],
  below: readonly number[],
): { mean: number; low: number; high: number } {
  const logs = above.map((value, at) => Math.log(value / below[at]!))
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const spread = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0)
  if (logs.length < 2) return { mean: Math.exp(mean), low: 0, high: Number.POSITIVE_INFINITY }
  const error = Math.sqrt(spread / (logs.length - 1) / logs.length) * (T[logs.length - 2] ?? 1.96)
  return { mean: Math.exp(mean), low: Math.exp(mean - error), high: Math.exp(mean + error) }
}
