/** A value that is kept encrypted: stands in a payload where the clear value stood. */
export interface Sealed {
  readonly $sealed: string
}

// The brand is out of band: a user's own `{ "$sealed": "x" }` has the shape and yet is no Sealed, so nobody forges one.
const genuine = new WeakSet<object>()

/** Wraps a sealed record. Frozen; a spread or a structured clone of it is plain data again. */
export function asSealed(record: string): Sealed {
  const sealed = Object.freeze({ $sealed: record })
  genuine.add(sealed)
  return sealed
}

/** Whether the value was made by `asSealed`. */
export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && genuine.has(value)
}
