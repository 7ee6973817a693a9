/** Seeded payloads as businesses have them, without any secret: what a detector must leave alone. */
export function cleanPayloads(count: number, seed: number): readonly Record<string, unknown>[] {
  const dice = mulberry32(seed)
  return Array.from({ length: count }, () => cleanPayload(dice))
}

type Dice = () => number

function cleanPayload(dice: Dice): Record<string, unknown> {
  const ms = 1_700_000_000_000 + int(dice, 100_000_000_000)
  return {
    id: pick(dice, [
      `ORD-${digits(dice, 16)}`,
      digits(dice, 10),
      digits(dice, 16),
      `A${digits(dice, 12)}`,
      uuid(dice),
      ms * 1000 + int(dice, 1000),
    ]),
    trace: hex(dice, 32),
    etag: `"${hex(dice, 40)}"`,
    digest: `sha256:${hex(dice, 64)}`,
    phone: pick(dice, [
      `+49 ${digits(dice, 3)} ${digits(dice, 8)}`,
      `(0${digits(dice, 2)}) ${digits(dice, 4)} ${digits(dice, 4)}`,
      `+1-${digits(dice, 3)}-${digits(dice, 3)}-${digits(dice, 4)}`,
    ]),
    createdAt: pick<unknown>(dice, [
      new Date(ms).toISOString(),
      ms,
      String(ms),
      new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14),
    ]),
    price: pick<unknown>(dice, [
      dice() * 1000,
      (dice() * 1e6).toFixed(2),
      `EUR ${digits(dice, 4)}.${digits(dice, 2)}`,
      dice().toString(),
    ]),
    address: `${1 + int(dice, 300)} ${pick(dice, ['Passmore Street', 'Key West Road', 'Secretan Way', 'Tokenhouse Yard', 'High Street'])}, ${digits(dice, 5)} ${pick(dice, ['Basel', 'Bearsden', 'Keyham'])}`,
    email: `${pick(dice, ['ann', 'bo.lee', 'passenger'])}${int(dice, 1000)}@example.org`,
    url: `https://shop.example.org:8443/orders/${digits(dice, 8)}?page=${int(dice, 99)}&sort=key#top`,
    ean: digits(dice, 13),
    iban: `DE${digits(dice, 20)}`,
    isbn: `978-${digits(dice, 1)}-${digits(dice, 4)}-${digits(dice, 4)}-${digits(dice, 1)}`,
    note: pick(dice, [
      'please leave at the door',
      'key is under the mat',
      'password reset done',
      'basic plan, paid monthly',
      'token of thanks',
    ]),
    version: `${int(dice, 20)}.${int(dice, 20)}.${int(dice, 20)}`,
    at: { lat: dice() * 180 - 90, lon: dice() * 360 - 180 },
    blob: Buffer.from(hex(dice, 48), 'hex').toString('base64'),
    passengers: int(dice, 5),
    keywords: ['a', 'b'],
  }
}

function mulberry32(seed: number): Dice {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function int(dice: Dice, below: number): number {
  return Math.floor(dice() * below)
}

function pick<Value>(dice: Dice, values: readonly Value[]): Value {
  return values[int(dice, values.length)]!
}

function digits(dice: Dice, length: number): string {
  return Array.from({ length }, () => int(dice, 10)).join('')
}

function hex(dice: Dice, length: number): string {
  return Array.from({ length }, () => int(dice, 16).toString(16)).join('')
}

function uuid(dice: Dice): string {
  return `${hex(dice, 8)}-${hex(dice, 4)}-4${hex(dice, 3)}-a${hex(dice, 3)}-${hex(dice, 12)}`
}
