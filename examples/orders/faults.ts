/** How a request goes wrong: the connection breaks before or after the order was taken, or an error is the answer. */
export type Fault = 'reset' | 'lost answer' | 'status 500' | 'status 429'

/** Shares of all requests. */
const SHARES: readonly (readonly [Fault, number])[] = [
  ['reset', 0.01],
  ['lost answer', 0.005],
  ['status 500', 0.02],
  ['status 429', 0.01],
]
const LATENCY_MS = [1, 8] as const

/** The fate of the `nth` request with a key: by seed, key and n alone, so that the order in which requests arrive does not matter. */
export function createFaults(seed: number) {
  return (key: string, nth: number): { fault: Fault | undefined; latencyMs: number } => {
    const latency = share(`latency:${seed}:${key}:${nth}`)
    const fault = faultAt(share(`${seed}:${key}:${nth}`))
    return { fault, latencyMs: LATENCY_MS[0] + latency * (LATENCY_MS[1] - LATENCY_MS[0]) }
  }
}

function faultAt(share: number): Fault | undefined {
  let end = 0
  for (const [fault, of] of SHARES) {
    end += of
    if (share < end) return fault
  }
  return undefined
}

/** A number in 0..1 that a text always gives: FNV-1a with the final mix of MurmurHash3, even for texts that differ in one digit. */
function share(text: string): number {
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b)
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35)
  return ((sum ^ (sum >>> 16)) >>> 0) / 4_294_967_296
}
