/** A length of time: a number and `ms`, `s`, `m`, `h` or `d`, without a space: `'250ms'`, `'10s'`. */
export type Duration = `${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`
/** How often: a number per `s`, `m` or `h`: `'50/s'`. */
export type Rate = `${number}/s` | `${number}/m` | `${number}/h`
/** A share in per cent: `'20%'`. */
export type Percent = `${number}%`

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a duration; undefined if the text is none: `'10 s'`, `'-5s'`, `'1e3s'`, `''`. */
export function parseDuration(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  if (!found) return undefined
  const ms = Number(found[1]) * unitMs[found[2] as keyof typeof unitMs]
  return Number.isFinite(ms) ? ms : undefined
}

/** Events per millisecond of a rate; undefined if the text is none or says zero. */
export function parseRate(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text)
  if (!found) return undefined
  const perMs = Number(found[1]) / unitMs[found[2] as keyof typeof unitMs]
  return perMs > 0 && Number.isFinite(perMs) ? perMs : undefined
}

/** A share of 0..1 of a percentage up to 100 %; undefined if the text is none. */
export function parsePercent(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)%$/.exec(text)
  if (!found) return undefined
  const share = Number(found[1]) / 100
  return share <= 1 ? share : undefined
}

/** A length of time for people: `850 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const two = (big: number, bigName: string, small: number, smallName: string) => {
    const rest = Math.floor((ms % big) / small)
    return `${Math.floor(ms / big)} ${bigName}${rest ? ` ${rest} ${smallName}` : ''}`
  }
  if (ms < unitMs.h) return two(unitMs.m, 'min', unitMs.s, 's')
  if (ms < unitMs.d) return two(unitMs.h, 'h', unitMs.m, 'min')
  return two(unitMs.d, 'd', unitMs.h, 'h')
}
