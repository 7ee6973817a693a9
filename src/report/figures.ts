/** A count for people: `20,000`. The same on every machine. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A count in at most five characters: `812`, `9.4k`, `20k`, `1.2M`. Cut, not rounded. */
export function shortCount(count: number): string {
  if (count < 1_000) return String(count)
  const [unit, name] =
    count < 1_000_000 ? [1_000, 'k'] : count < 1_000_000_000 ? [1_000_000, 'M'] : [1_000_000_000, 'G']
  const value = count / unit
  return value < 10 ? `${Math.floor(value * 10) / 10}${name}` : `${Math.floor(value)}${name}`
}

/** Events per second for people: `523/s`, `4.2/s`, `0.05/s`. */
export function formatRate(perS: number): string {
  if (perS >= 10) return `${formatCount(Math.round(perS))}/s`
  return `${perS.toFixed(perS >= 1 || perS === 0 ? 1 : 2)}/s`
}

/** `1 dead letter`, `3 dead letters`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
