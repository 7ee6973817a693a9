/** Crockford's alphabet: no I, L, O, U, so that an id can be read aloud. https://www.crockford.com/base32.html */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** What an id is of; it begins with this and `_`. */
export type IdKind = 'b' | 'd' | 'o' | 'p'

/** A short typed id: `b_`, 6 letters of time (seconds since 2026, sorted by age for 34 years) and 7 of dice (35 bits). `random` answers 0..1. */
export function newId(kind: IdKind, nowMs: number, random: () => number): string {
  let seconds = Math.max(0, Math.floor((nowMs - 1_767_225_600_000) / 1_000))
  let time = ''
  for (let i = 0; i < 6; i++) {
    time = alphabet[seconds % 32]! + time
    seconds = Math.floor(seconds / 32)
  }
  let dice = ''
  for (let i = 0; i < 7; i++) dice += alphabet[Math.floor(random() * 32)]!
  return `${kind}_${time}${dice}`
}

/** Id of an error group: `E-` and 8 letters of its fingerprint's hash. */
export function groupId(fingerprint: string): string {
  const hex = fingerprint.slice(fingerprint.indexOf(':') + 1)
  return `E-${hex.slice(0, 8)}`
}
