import { RedriveError } from '../model/redrive-error.ts'

/** The number of an option. RD-1701 for what is none, or out of range. */
export function wholeNumber(
  option: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new RedriveError('RD-1701', {
    what: `${option} is a whole number from ${min} to ${max}, not ${JSON.stringify(text.slice(0, 80))}.`,
    fix: `Say ${option} ${Math.max(min, 1)}, for example.`,
  })
}
