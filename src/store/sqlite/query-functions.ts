/** What a comparison with a number sees in a value: numbers, and texts that are one as a whole (the cells of a CSV row). */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string' || !/^-?\d{1,300}(\.\d{1,300})?$/.test(value)) return undefined
  return Number(value)
}
